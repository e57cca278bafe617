import { keys } from '../clusterprofile.ts';
import { isObject } from '../kubernetes/objects.ts';
import { credentialIn, namesCredential } from '../kubernetes/credential-patterns.ts';
import { entriesOf, mapOf, textOf, type Entry, type Fields } from './input.ts';
import { objectText } from './index.ts';
import { pathText, show } from './paths.ts';
import type { Finding, Path, Problem, Rule, Severity } from './rule.ts';

/** Rules for the provider file (KEP-4322, pkg/access): the operator's list of commands, not an object of the API. */
export const providerFileRules: readonly Rule[] = [
  { id: 'PF001', severity: 'error', title: 'The file is JSON with a list of providers' },
  { id: 'PF002', severity: 'error', title: 'Every provider has a name and a command' },
  { id: 'PF003', severity: 'warning', title: 'Provider names are unique' },
  { id: 'PF004', severity: 'error', title: 'Policies have a value that exists, under the key that is read' },
  { id: 'PF005', severity: 'error', title: 'execConfig.apiVersion is one that plugins speak' },
  { id: 'PF006', severity: 'warning', title: 'Plugins that ask for the cluster are told it' },
  { id: 'PF007', severity: 'warning', title: 'Commands are absolute paths, or names looked up in PATH' },
  { id: 'PF008', severity: 'error', title: 'No credential in args or env' },
  { id: 'PF009', severity: 'info', title: 'Providers and profiles match' },
  { id: 'PF010', severity: 'warning', title: 'Profiles cannot change how a plugin runs' },
  { id: 'PF011', severity: 'warning', title: 'Nothing of one cluster in the file for all of them' },
  { id: 'PF012', severity: 'info', title: 'No field that readers pass over' },
];

interface Report extends Problem {
  id: string;
}

/** The access providers of a profile that nobody checked. */
const accessOf = (profile: unknown): { name: string | undefined; server: string; extensions: Entry[] }[] =>
  ['accessProviders', 'credentialProviders']
    .flatMap((list) => entriesOf(mapOf(mapOf(profile)['status'])[list], []))
    .map(({ value }) => {
      const cluster = mapOf(value['cluster']);
      return {
        name: textOf(value['name']),
        server: textOf(cluster['server']) ?? '',
        extensions: entriesOf(cluster['extensions'], []),
      };
    });

type ProviderCheck = (provider: Entry, profiles: readonly unknown[]) => Report[];

const report = (id: string, at: Path, message: string, severity?: Severity): Report => ({ id, at, message, severity });

const policies: Record<string, readonly string[]> = {
  profileSourcedCLIArgsPolicy: ['Ignore', 'Append'],
  profileSourcedEnvVarsPolicy: ['Ignore', 'AppendIfNotExists', 'Replace'],
};

const execOf = ({ value }: Entry): Fields => mapOf(value['execConfig']);
const commandOf = (provider: Entry): string => textOf(execOf(provider)['command']) ?? '';
/** The plugins that come with cluster-inventory-api: they speak v1 only, and ask for the cluster. */
const isShipped = (provider: Entry): boolean => /(^|\/)(kubeconfig-)?secretreader(-plugin)?$/.test(commandOf(provider));

const identity: ProviderCheck = (provider) => [
  ...(textOf(provider.value['name']) ? [] : [report('PF002', provider.at, 'name is missing')]),
  ...(commandOf(provider) ? [] : [report('PF002', [...provider.at, 'execConfig'], 'execConfig.command is missing')]),
];

const policy: ProviderCheck = ({ at, value }) =>
  Object.entries(value).flatMap(([key, given]) => {
    if (/^clusterProfileSourced/i.test(key))
      return [report('PF004', [...at, key], `${key} is not read; the key begins with profileSourced`, 'warning')];
    const values = Object.hasOwn(policies, key) ? policies[key] : undefined;
    if (!values) return [];
    if (!values.includes(textOf(given) ?? ''))
      return [report('PF004', [...at, key], `${key} takes ${values.join(', ')}`)];
    return given === 'Ignore'
      ? []
      : [report('PF010', [...at, key], `with ${String(given)}, whoever writes profiles changes how the plugin runs`)];
  });

const version: ProviderCheck = (provider) => {
  const at = [...provider.at, 'execConfig', 'apiVersion'];
  const given = textOf(execOf(provider)['apiVersion']) ?? '';
  if (!/^client\.authentication\.k8s\.io\/v1(beta1)?$/.test(given))
    return [report('PF005', at, 'apiVersion takes client.authentication.k8s.io/v1 or v1beta1')];
  return given.endsWith('v1beta1') && isShipped(provider)
    ? [report('PF005', at, 'this plugin speaks client.authentication.k8s.io/v1 only', 'warning')]
    : [];
};

const clusterInfo: ProviderCheck = (provider, profiles) => {
  if (execOf(provider)['provideClusterInfo'] === true) return [];
  const at = [...provider.at, 'execConfig', 'provideClusterInfo'];
  if (isShipped(provider)) return [report('PF006', at, 'this plugin needs provideClusterInfo: true')];
  const asking = profiles.find((profile) =>
    accessOf(profile).some(
      ({ name, extensions }) =>
        name === provider.value['name'] && extensions.some(({ value }) => value['name'] === keys.execExtension),
    ),
  );
  return asking
    ? [report('PF006', at, `${objectText(asking)} has settings for the plugin, which it is not told without this`)]
    : [];
};

const location: ProviderCheck = (provider) => {
  const command = commandOf(provider);
  return command.includes('/') && !command.startsWith('/')
    ? [report('PF007', [...provider.at, 'execConfig', 'command'], 'a relative path depends on where the reader runs')]
    : [];
};

/** Every argument and variable, with its place. */
function words(provider: Entry): { at: Path; name: string; text: string }[] {
  const at = [...provider.at, 'execConfig'];
  const { args, env } = execOf(provider);
  const list: unknown[] = Array.isArray(args) ? args : [];
  return [
    ...list.map((arg, index) => ({
      at: [...at, 'args', index],
      // `--token` before the argument, or in it.
      name:
        /^--?([^=]+)=/.exec(textOf(arg) ?? '')?.[1] ?? /^--?([^=]+)$/.exec(textOf(list[index - 1]) ?? '')?.[1] ?? '',
      text: textOf(arg) ?? '',
    })),
    ...entriesOf(env, [...at, 'env']).map((entry) => ({
      at: [...entry.at, 'value'],
      name: textOf(entry.value['name']) ?? '',
      text: textOf(entry.value['value']) ?? '',
    })),
  ];
}

const secret: ProviderCheck = (provider) =>
  words(provider).flatMap(({ at, name, text }) => {
    // A flag is no value, unless it holds one.
    if (text === '' || (text.startsWith('--') && !text.includes('='))) return [];
    const what = credentialIn(text) ?? (namesCredential(name) ? 'a credential, by its name' : undefined);
    return what ? [report('PF008', at, `holds ${what}`)] : [];
  });

const ofOneCluster: ProviderCheck = (provider, profiles) =>
  words(provider).flatMap(({ at, text }) => {
    const found = profiles.find(
      (profile) =>
        text === mapOf(mapOf(profile)['metadata'])['name'] ||
        accessOf(profile).some(({ server }) => server !== '' && text.includes(server)),
    );
    return found ? [report('PF011', at, `is about ${objectText(found)} alone`)] : [];
  });

const unread: ProviderCheck = (provider) => {
  const { interactiveMode, installHint } = execOf(provider);
  const at = (key: string): Path => [...provider.at, 'execConfig', key];
  return [
    ...(interactiveMode === undefined || interactiveMode === 'Never'
      ? []
      : [report('PF012', at('interactiveMode'), 'readers of the file take it for Never')]),
    ...(installHint === undefined ? [] : [report('PF012', at('installHint'), 'readers of the file do not show it')]),
  ];
};

const checks = [identity, policy, version, clusterInfo, location, secret, ofOneCluster, unread];

function between(providers: readonly Entry[], profiles: readonly unknown[]): Report[] {
  const named = new Set<unknown>();
  const reports: Report[] = [];
  for (const { at, value } of providers) {
    const name = textOf(value['name']);
    if (name === undefined) continue;
    if (named.has(name)) reports.push(report('PF003', at, `${show(name)} is there already, and the first one counts`));
    named.add(name);
    if (profiles.length > 0 && !profiles.some((each) => accessOf(each).some((one) => one.name === name)))
      reports.push(report('PF009', at, `no profile has an access provider ${show(name)}`));
  }
  for (const profile of profiles)
    if (!accessOf(profile).some(({ name }) => named.has(name)))
      reports.push(report('PF009', ['providers'], `${objectText(profile)} has none of these access providers`));
  return reports;
}

function reportsOf(text: string, profiles: readonly unknown[]): Report[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The parser's message would show what it read.
    return [report('PF001', [], 'not JSON, and no reader of this file takes YAML')];
  }
  if (!isObject(content) || !Array.isArray(content['providers'])) return [report('PF001', [], 'no list of providers')];
  const providers = entriesOf(content['providers'], ['providers']);
  return [
    ...providers.flatMap((each) => checks.flatMap((check) => check(each, profiles))),
    ...between(providers, profiles),
  ];
}

/** What is wrong with a provider file, on its own and for the profiles at hand. No finding holds a credential. */
export const checkProviderFile = (
  text: string,
  { file, profiles, strict }: { file: string; profiles: readonly unknown[]; strict: boolean },
): Finding[] =>
  reportsOf(text, profiles).map(({ id, at, message, severity }) => {
    const given = severity ?? providerFileRules.find((rule) => rule.id === id)?.severity ?? 'error';
    return {
      id,
      severity: strict && given === 'warning' ? 'error' : given,
      message,
      file,
      document: 1,
      path: pathText(at),
      at,
    };
  });
