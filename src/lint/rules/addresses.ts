import type { Problem, ProblemPath } from '../problem.ts';
import { explainUnreachable } from '../../profile/endpoint/hosts.ts';
import { isProxyUrl, longestUrl, parseUrl } from '../../profile/endpoint/server-url.ts';
import { isServerName } from '../../profile/names.ts';
import { carriesCredential } from '../../redact/url-credentials.ts';
import { memoise } from '../../util/collections.ts';
import { toText, type Profile, type Provider } from '../input.ts';
import { show } from '../paths.ts';
import { noProblem, reportProblem } from '../rule.ts';
import { severityInNextVersion } from './spec.ts';

export const pathWithin = ({ at }: Provider, ...keysBelow: string[]): ProblemPath => [...at, 'cluster', ...keysBelow];
export const readClusterField = ({ cluster }: Provider, key: string): string | undefined =>
  toText(cluster?.[key]) || undefined;

/** The server of an access provider, where it is a URL. */
export const readServerUrl = memoise(({ cluster }: Provider): URL | undefined =>
  parseUrl(toText(cluster?.['server']) ?? ''),
);

export function checkServerUrl(provider: Provider, profile: Profile): Iterable<Problem> {
  const text = readClusterField(provider, 'server');
  if (text === undefined) return noProblem;
  const severity = severityInNextVersion(profile);
  if (text.length > longestUrl)
    return reportProblem(pathWithin(provider, 'server'), `server is longer than ${longestUrl} characters`, {
      severity,
    });
  if (readServerUrl(provider)) return noProblem;
  return reportProblem(pathWithin(provider, 'server'), 'server is no absolute URL with a host', {
    severity,
    hint: 'write it like https://203.0.113.7:6443',
  });
}

export function checkServerScheme(provider: Provider): Iterable<Problem> {
  const protocol = readServerUrl(provider)?.protocol ?? 'https:';
  return protocol === 'https:'
    ? noProblem
    : reportProblem(pathWithin(provider, 'server'), `server is not https but ${show(protocol.slice(0, -1))}`);
}

export function* checkElsewhere(provider: Provider): Iterable<Problem> {
  for (const key of ['server', 'proxy-url']) {
    const url = key === 'server' ? readServerUrl(provider) : parseUrl(readClusterField(provider, key) ?? '');
    const why = url && explainUnreachable(url.hostname);
    if (why)
      yield {
        at: pathWithin(provider, key),
        message: `the host of ${key} is ${why}: consumers elsewhere cannot reach it`,
      };
  }
}

export function* checkCredentialInUrls(provider: Provider): Iterable<Problem> {
  for (const key of ['server', 'proxy-url'])
    if (carriesCredential(readClusterField(provider, key) ?? ''))
      yield { at: pathWithin(provider, key), message: `${key} carries a credential` };
  const name = readClusterField(provider, 'tls-server-name');
  if (name?.includes('@') && !isServerName(name))
    yield { at: pathWithin(provider, 'tls-server-name'), message: 'tls-server-name carries a credential' };
}

export function checkProxyUrl(provider: Provider, profile: Profile): Iterable<Problem> {
  const text = readClusterField(provider, 'proxy-url');
  if (text === undefined) return noProblem;
  if (isProxyUrl(text)) return noProblem;
  return reportProblem(pathWithin(provider, 'proxy-url'), 'proxy-url is no http, https or socks5 URL with a host', {
    severity: severityInNextVersion(profile),
  });
}
