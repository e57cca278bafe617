import type { Problem } from '../problem.ts';
import { keys } from '../../profile/clusterprofile.ts';
import { isObject } from '../../object.ts';
import {
  checkCredentialInUrls,
  checkElsewhere,
  checkProxyUrl,
  checkServerScheme,
  checkServerUrl,
  pathWithin,
  readClusterField,
} from './addresses.ts';
import { readBundle, type Bundle } from '../../profile/endpoint/certificates.ts';
import { checkExact, extensionRules } from './extensions.ts';
import { memoise } from '../../util/collections.ts';
import { listEntries, toMap, toText, type Input, type Profile, type Provider } from '../input.ts';
import { show } from '../paths.ts';
import { both, eachProvider, noProblem, reportProblem, violations, type Rule } from '../rule.ts';
import { severityInNextVersion } from './spec.ts';

const caKey = 'certificate-authority-data';
function checkProviderName({ at, name }: Provider): Iterable<Problem> {
  if (name === undefined || (name !== '' && name.length <= 253)) return noProblem;
  return reportProblem(
    [...at, 'name'],
    name === ''
      ? 'the name of the access provider is empty'
      : 'the name of the access provider is longer than 253 characters',
  );
}

function hasServer(provider: Provider, profile: Profile): Iterable<Problem> {
  const { at, value, cluster } = provider;
  const severity = severityInNextVersion(profile);
  if ((value['cluster'] ?? undefined) === undefined)
    return reportProblem([...at, 'cluster'], 'the access provider says nothing about the cluster', { severity });
  return cluster?.['server'] === ''
    ? reportProblem(pathWithin(provider, 'server'), 'server is empty', { severity })
    : noProblem;
}

/** A server that is missing is against the schema, an empty one only against that of v1alpha2. */
const server = both(violations('CP082'), eachProvider(hasServer));

function checkCaFile(provider: Provider, profile: Profile): Iterable<Problem> {
  if (readClusterField(provider, 'certificate-authority') === undefined) return noProblem;
  return reportProblem(
    pathWithin(provider, 'certificate-authority'),
    'certificate-authority is a path, and a ClusterProfile has no files',
    {
      severity: severityInNextVersion(profile),
      hint: `put the certificates into ${caKey}`,
    },
  );
}

const bundleOf = memoise((provider: Provider): Bundle | undefined => {
  const data = readClusterField(provider, caKey);
  return data === undefined ? undefined : readBundle(data);
});

function checkWholeBundle(provider: Provider, { faults }: Profile): Iterable<Problem> {
  const at = pathWithin(provider, caKey);
  const bundle = bundleOf(provider);
  const fault = faults.find((each) => each.id === 'CP088' && each.at.every((key, index) => key === at[index]));
  if (fault && !bundle?.plain) return [fault];
  return bundle?.defect ? [{ at, ...bundle.defect }] : noProblem;
}

const checkPrivateKey = (provider: Provider): Iterable<Problem> =>
  bundleOf(provider)?.privateKey
    ? reportProblem(pathWithin(provider, caKey), `${caKey} holds a private key`, {
        hint: 'take it out, and replace the key: it is known now',
      })
    : noProblem;

const day = 86_400_000;
const formatDate = (time: number): string => new Date(time).toISOString().slice(0, 10);

function checkValidity(provider: Provider, _profile: Profile, { options: { now } }: Input): Iterable<Problem> {
  const { validity = [] } = bundleOf(provider) ?? {};
  const time = now.getTime();
  const at = pathWithin(provider, caKey);
  const early = validity.find(({ from }) => from > time);
  if (early) return reportProblem(at, `a CA certificate is not valid before ${formatDate(early.from)}`);
  const first = Math.min(...validity.map(({ to }) => to));
  if (first <= time) return reportProblem(at, `a CA certificate expired on ${formatDate(first)}`);
  return first < time + 30 * day ? reportProblem(at, `a CA certificate expires on ${formatDate(first)}`) : noProblem;
}

const insecureKey = 'insecure-skip-tls-verify';

function checkVerified(provider: Provider): Iterable<Problem> {
  if (provider.cluster?.[insecureKey] !== true) return noProblem;
  const at = pathWithin(provider, insecureKey);
  const ca = readClusterField(provider, caKey) ?? readClusterField(provider, 'certificate-authority');
  if (ca !== undefined)
    return reportProblem(at, `${insecureKey} beside CA certificates: client-go refuses both`, { severity: 'error' });
  return reportProblem(at, 'nobody checks the server certificate: any host in between can take the token');
}

function* checkSupported(provider: Provider): Iterable<Problem> {
  for (const key of ['tls-server-name', insecureKey, 'disable-compression'])
    if (provider.cluster?.[key])
      yield {
        at: pathWithin(provider, key),
        message: `consumers with cluster-inventory-api up to v0.1.3 ignore ${key}`,
      };
}

function checkProviderCount({ status, target }: Profile): Iterable<Problem> {
  const list = status?.['accessProviders'];
  if (!Array.isArray(list) || list.length <= 64) return noProblem;
  return reportProblem(['status', 'accessProviders'], `${list.length} access providers, v1alpha2 takes 64`, {
    severity: target === 'v1alpha2' ? 'error' : 'info',
  });
}

function checkCurrentList(profile: Profile): Iterable<Problem> {
  const at = ['status', 'credentialProviders'];
  const old = listEntries(profile.status?.['credentialProviders'], at);
  if (old.length === 0) return noProblem;
  const hint = 'move them to accessProviders';
  if (profile.target === 'v1alpha2')
    return reportProblem(at, 'v1alpha2 has no credentialProviders', { severity: 'error', hint });
  const known = new Set(profile.providers.filter(({ deprecated }) => !deprecated).map(({ name }) => name));
  const alone = old.map(({ value }) => toText(value['name']) ?? '').filter((name) => !known.has(name));
  if (alone.length === 0)
    return reportProblem(at, 'credentialProviders is deprecated; accessProviders has the same names and wins', {
      severity: 'info',
    });
  return reportProblem(
    at,
    `credentialProviders is deprecated; consumers with v0.2.0 do not see ${alone.map(show).join(', ')}`,
    { hint },
  );
}

const checkAccessible = ({ providers }: Profile): Iterable<Problem> =>
  providers.length === 0
    ? reportProblem(
        ['status', 'accessProviders'],
        'no access provider: consumers can list the cluster, not connect to it',
      )
    : noProblem;

const accessKib = 1024;

function* checkExtensionSize(provider: Provider): Iterable<Problem> {
  for (const { at, value } of provider.extensions)
    if (
      value['name'] === keys.execExtension &&
      isObject(value['extension']) &&
      JSON.stringify(toMap(value['extension'])).length > 32 * accessKib
    )
      yield {
        at,
        message: 'larger than 32 KiB: it may not fit into KUBERNETES_EXEC_INFO, which credential plugins read',
      };
  if ((readClusterField(provider, caKey)?.length ?? 0) > 64 * accessKib)
    yield {
      at: pathWithin(provider, caKey),
      message: 'larger than 64 KiB: it may not fit into KUBERNETES_EXEC_INFO, which credential plugins read',
    };
}

/** `status.accessProviders`, and `credentialProviders` before it. */
export const accessRules: readonly Rule[] = [
  { id: 'CP080', severity: 'error', title: 'Names of access providers are unique', check: violations('CP080') },
  { id: 'CP081', severity: 'error', title: 'Access providers have a name', check: eachProvider(checkProviderName) },
  { id: 'CP082', severity: 'error', title: 'Access providers have a server', check: server },
  { id: 'CP083', severity: 'error', title: 'server is an absolute URL', check: eachProvider(checkServerUrl) },
  { id: 'CP084', severity: 'warning', title: 'server is https', check: eachProvider(checkServerScheme) },
  {
    id: 'CP085',
    severity: 'warning',
    title: 'server and proxy can be reached from elsewhere',
    check: eachProvider(checkElsewhere),
  },
  { id: 'CP086', severity: 'error', title: 'URLs carry no credential', check: eachProvider(checkCredentialInUrls) },
  { id: 'CP087', severity: 'error', title: 'CA certificates are not named by file', check: eachProvider(checkCaFile) },
  {
    id: 'CP088',
    severity: 'error',
    title: 'CA data is base64 of PEM certificates',
    check: eachProvider(checkWholeBundle),
  },
  { id: 'CP089', severity: 'error', title: 'CA data holds no private key', check: eachProvider(checkPrivateKey) },
  { id: 'CP090', severity: 'warning', title: 'CA certificates are valid', check: eachProvider(checkValidity) },
  { id: 'CP091', severity: 'warning', title: 'The server certificate is checked', check: eachProvider(checkVerified) },
  { id: 'CP092', severity: 'info', title: 'Released consumers honour all fields', check: eachProvider(checkSupported) },
  {
    id: 'CP093',
    severity: 'error',
    title: 'proxy-url is an http, https or socks5 URL',
    check: eachProvider(checkProxyUrl),
  },
  { id: 'CP094', severity: 'error', title: 'There are at most 64 access providers', check: checkProviderCount },
  ...extensionRules,
  { id: 'CP103', severity: 'warning', title: 'credentialProviders is not used', check: checkCurrentList },
  { id: 'CP104', severity: 'info', title: 'There is an access provider', check: checkAccessible },
  {
    id: 'CP105',
    severity: 'info',
    title: 'Plugin data fits into an environment variable',
    check: eachProvider(checkExtensionSize),
  },
  {
    id: 'CP106',
    severity: 'error',
    title: 'Numbers of extensions are the same to every reader',
    check: checkExact,
  },
];
