import type { Path, Problem } from '../problem.ts';
import { keys } from '../../profile/clusterprofile.ts';
import { isObject } from '../../object.ts';
import { carriesCredential, parseUrl, unreachableFromElsewhere, urlOf } from './addresses.ts';
import { readBundle, type Bundle } from './certificates.ts';
import { extensionRules } from './extensions.ts';
import { once } from '../../util/collections.ts';
import { entriesOf, mapOf, textOf, type Input, type Profile, type Provider } from '../input.ts';
import { show } from '../paths.ts';
import { both, eachProvider, none, problem, violations, type Rule } from '../rule.ts';
import { inNextVersion } from './spec.ts';

const caKey = 'certificate-authority-data';
const within = ({ at }: Provider, ...keysBelow: string[]): Path => [...at, 'cluster', ...keysBelow];
const field = ({ cluster }: Provider, key: string): string | undefined => textOf(cluster?.[key]) || undefined;

function providerName({ at, name }: Provider): Iterable<Problem> {
  if (name === undefined || (name !== '' && name.length <= 253)) return none;
  return problem(
    [...at, 'name'],
    name === ''
      ? 'the name of the access provider is empty'
      : 'the name of the access provider is longer than 253 characters',
  );
}

function hasServer(provider: Provider, profile: Profile): Iterable<Problem> {
  const { at, value, cluster } = provider;
  const severity = inNextVersion(profile);
  if ((value['cluster'] ?? undefined) === undefined)
    return problem([...at, 'cluster'], 'the access provider says nothing about the cluster', { severity });
  return cluster?.['server'] === '' ? problem(within(provider, 'server'), 'server is empty', { severity }) : none;
}

/** A server that is missing is against the schema, an empty one only against that of v1alpha2. */
const server = both(violations('CP082'), eachProvider(hasServer));

function serverUrl(provider: Provider, profile: Profile): Iterable<Problem> {
  const text = field(provider, 'server');
  if (text === undefined) return none;
  const severity = inNextVersion(profile);
  if (text.length > 2048)
    return problem(within(provider, 'server'), 'server is longer than 2048 characters', { severity });
  if (urlOf(provider)) return none;
  return problem(within(provider, 'server'), 'server is no absolute URL with a host', {
    severity,
    hint: 'write it like https://203.0.113.7:6443',
  });
}

function serverScheme(provider: Provider): Iterable<Problem> {
  const protocol = urlOf(provider)?.protocol ?? 'https:';
  return protocol === 'https:'
    ? none
    : problem(within(provider, 'server'), `server is not https but ${show(protocol.slice(0, -1))}`);
}

function serverElsewhere(provider: Provider): Iterable<Problem> {
  const url = urlOf(provider);
  const why = url && unreachableFromElsewhere(url);
  return why
    ? problem(within(provider, 'server'), `the host of server is ${why}: consumers elsewhere cannot reach it`)
    : none;
}

function* noCredentialInUrls(provider: Provider): Iterable<Problem> {
  for (const key of ['server', 'proxy-url'])
    if (carriesCredential(field(provider, key) ?? ''))
      yield { at: within(provider, key), message: `${key} carries a credential` };
}

function noCaFile(provider: Provider, profile: Profile): Iterable<Problem> {
  if (field(provider, 'certificate-authority') === undefined) return none;
  return problem(
    within(provider, 'certificate-authority'),
    'certificate-authority is a path, and a ClusterProfile has no files',
    {
      severity: inNextVersion(profile),
      hint: `put the certificates into ${caKey}`,
    },
  );
}

const bundleOf = once((provider: Provider): Bundle | undefined => {
  const data = field(provider, caKey);
  return data === undefined ? undefined : readBundle(data);
});

function wholeBundle(provider: Provider, { faults }: Profile): Iterable<Problem> {
  const at = within(provider, caKey);
  const bundle = bundleOf(provider);
  const fault = faults.find((each) => each.id === 'CP088' && each.at.every((key, index) => key === at[index]));
  if (fault && !bundle?.plain) return [fault];
  return bundle?.defect ? [{ at, ...bundle.defect }] : none;
}

const noPrivateKey = (provider: Provider): Iterable<Problem> =>
  bundleOf(provider)?.privateKey
    ? problem(within(provider, caKey), `${caKey} holds a private key`, {
        hint: 'take it out, and replace the key: it is known now',
      })
    : none;

const day = 86_400_000;
const date = (time: number): string => new Date(time).toISOString().slice(0, 10);

function validBundle(provider: Provider, _profile: Profile, { options: { now } }: Input): Iterable<Problem> {
  const { validity = [] } = bundleOf(provider) ?? {};
  const time = now.getTime();
  const at = within(provider, caKey);
  const early = validity.find(({ from }) => from > time);
  if (early) return problem(at, `a CA certificate is not valid before ${date(early.from)}`);
  const first = Math.min(...validity.map(({ to }) => to));
  if (first <= time) return problem(at, `a CA certificate expired on ${date(first)}`);
  return first < time + 30 * day ? problem(at, `a CA certificate expires on ${date(first)}`) : none;
}

const insecureKey = 'insecure-skip-tls-verify';

function verified(provider: Provider): Iterable<Problem> {
  if (provider.cluster?.[insecureKey] !== true) return none;
  const at = within(provider, insecureKey);
  const ca = field(provider, caKey) ?? field(provider, 'certificate-authority');
  if (ca !== undefined)
    return problem(at, `${insecureKey} beside CA certificates: client-go refuses both`, { severity: 'error' });
  return problem(at, 'nobody checks the server certificate: any host in between can take the token');
}

function* wellSupported(provider: Provider): Iterable<Problem> {
  for (const key of ['tls-server-name', insecureKey, 'disable-compression'])
    if (provider.cluster?.[key])
      yield { at: within(provider, key), message: `consumers with cluster-inventory-api up to v0.1.3 ignore ${key}` };
}

function proxyUrl(provider: Provider, profile: Profile): Iterable<Problem> {
  const text = field(provider, 'proxy-url');
  if (text === undefined) return none;
  const url = parseUrl(text);
  if (url && text.length <= 2048 && ['http:', 'https:', 'socks5:'].includes(url.protocol)) return none;
  return problem(within(provider, 'proxy-url'), 'proxy-url is no http, https or socks5 URL with a host', {
    severity: inNextVersion(profile),
  });
}

function fewProviders({ status, target }: Profile): Iterable<Problem> {
  const list = status?.['accessProviders'];
  if (!Array.isArray(list) || list.length <= 64) return none;
  return problem(['status', 'accessProviders'], `${list.length} access providers, v1alpha2 takes 64`, {
    severity: target === 'v1alpha2' ? 'error' : 'info',
  });
}

function currentList(profile: Profile): Iterable<Problem> {
  const at = ['status', 'credentialProviders'];
  const old = entriesOf(profile.status?.['credentialProviders'], at);
  if (old.length === 0) return none;
  const hint = 'move them to accessProviders';
  if (profile.target === 'v1alpha2')
    return problem(at, 'v1alpha2 has no credentialProviders', { severity: 'error', hint });
  const known = new Set(profile.providers.filter(({ deprecated }) => !deprecated).map(({ name }) => name));
  const alone = old.map(({ value }) => textOf(value['name']) ?? '').filter((name) => !known.has(name));
  if (alone.length === 0)
    return problem(at, 'credentialProviders is deprecated; accessProviders has the same names and wins', {
      severity: 'info',
    });
  return problem(
    at,
    `credentialProviders is deprecated; consumers with v0.2.0 do not see ${alone.map(show).join(', ')}`,
    { hint },
  );
}

const accessible = ({ providers }: Profile): Iterable<Problem> =>
  providers.length === 0
    ? problem(['status', 'accessProviders'], 'no access provider: consumers can list the cluster, not connect to it')
    : none;

const kib = 1024;

function* smallEnough(provider: Provider): Iterable<Problem> {
  for (const { at, value } of provider.extensions)
    if (
      value['name'] === keys.execExtension &&
      isObject(value['extension']) &&
      JSON.stringify(mapOf(value['extension'])).length > 32 * kib
    )
      yield {
        at,
        message: 'larger than 32 KiB: it may not fit into KUBERNETES_EXEC_INFO, which credential plugins read',
      };
  if ((field(provider, caKey)?.length ?? 0) > 64 * kib)
    yield {
      at: within(provider, caKey),
      message: 'larger than 64 KiB: it may not fit into KUBERNETES_EXEC_INFO, which credential plugins read',
    };
}

/** `status.accessProviders`, and `credentialProviders` before it. */
export const accessRules: readonly Rule[] = [
  { id: 'CP080', severity: 'error', title: 'Names of access providers are unique', check: violations('CP080') },
  { id: 'CP081', severity: 'error', title: 'Access providers have a name', check: eachProvider(providerName) },
  { id: 'CP082', severity: 'error', title: 'Access providers have a server', check: server },
  { id: 'CP083', severity: 'error', title: 'server is an absolute URL', check: eachProvider(serverUrl) },
  { id: 'CP084', severity: 'warning', title: 'server is https', check: eachProvider(serverScheme) },
  {
    id: 'CP085',
    severity: 'warning',
    title: 'server can be reached from elsewhere',
    check: eachProvider(serverElsewhere),
  },
  { id: 'CP086', severity: 'error', title: 'URLs carry no credential', check: eachProvider(noCredentialInUrls) },
  { id: 'CP087', severity: 'error', title: 'CA certificates are not named by file', check: eachProvider(noCaFile) },
  { id: 'CP088', severity: 'error', title: 'CA data is base64 of PEM certificates', check: eachProvider(wholeBundle) },
  { id: 'CP089', severity: 'error', title: 'CA data holds no private key', check: eachProvider(noPrivateKey) },
  { id: 'CP090', severity: 'warning', title: 'CA certificates are valid', check: eachProvider(validBundle) },
  { id: 'CP091', severity: 'warning', title: 'The server certificate is checked', check: eachProvider(verified) },
  { id: 'CP092', severity: 'info', title: 'Released consumers honour all fields', check: eachProvider(wellSupported) },
  { id: 'CP093', severity: 'error', title: 'proxy-url is an http, https or socks5 URL', check: eachProvider(proxyUrl) },
  { id: 'CP094', severity: 'error', title: 'There are at most 64 access providers', check: fewProviders },
  ...extensionRules,
  { id: 'CP103', severity: 'warning', title: 'credentialProviders is not used', check: currentList },
  { id: 'CP104', severity: 'info', title: 'There is an access provider', check: accessible },
  {
    id: 'CP105',
    severity: 'info',
    title: 'Plugin data fits into an environment variable',
    check: eachProvider(smallEnough),
  },
];
