import type { ProblemPath, Problem, Severity } from '../problem.ts';
import { argsPolicies, envsPolicies, execVersions, hasBlanks, interactiveModes } from '../../access/provider.ts';
import { keys } from '../../profile/clusterprofile.ts';
import { splitArgumentWords, detectCredentialWord, type Word } from '../../redact/plugin-words.ts';
import { isVariableName, decodeProviderFile, type FileEntry, type Written } from '../../access/provider-file/decode.ts';
import { listEntries, toMap, toText, type LintEntry } from '../input.ts';
import { describeLinted } from '../index.ts';
import { formatFieldPath, show } from '../paths.ts';
import type { Finding, Rule } from '../rule.ts';

/** Rules for the provider file (KEP-4322, pkg/access): the operator's list of commands, not an object of the API. */
export const providerFileRules: readonly Rule[] = [
  { id: 'PF001', severity: 'error', title: 'The file is JSON with a list of providers that readers can load' },
  { id: 'PF002', severity: 'error', title: 'Every provider has a name and a command, every variable a name' },
  { id: 'PF003', severity: 'warning', title: 'Provider names are unique' },
  { id: 'PF004', severity: 'error', title: 'Policies have a value that exists, under the key that is read' },
  { id: 'PF005', severity: 'error', title: 'execConfig.apiVersion is one that plugins speak' },
  { id: 'PF006', severity: 'warning', title: 'Plugins that ask for the cluster are told it' },
  {
    id: 'PF007',
    severity: 'warning',
    title: 'Commands are absolute paths, or names looked up in PATH, without arguments',
  },
  { id: 'PF008', severity: 'error', title: 'No credential in args or env' },
  { id: 'PF009', severity: 'info', title: 'Providers and profiles match' },
  { id: 'PF010', severity: 'warning', title: 'Profiles cannot change how a plugin runs' },
  { id: 'PF011', severity: 'warning', title: 'Nothing of one cluster in the file for all of them' },
  { id: 'PF012', severity: 'info', title: 'No field that readers pass over' },
];

interface FileReport extends Problem {
  id: string;
}

/** The access providers of a profile that nobody checked. */
const readAccess = (profile: unknown): { name: string | undefined; server: string; extensions: LintEntry[] }[] =>
  ['accessProviders', 'credentialProviders']
    .flatMap((list) => listEntries(toMap(toMap(profile)['status'])[list], []))
    .map(({ value }) => {
      const cluster = toMap(value['cluster']);
      return {
        name: toText(value['name']),
        server: toText(cluster['server']) ?? '',
        extensions: listEntries(cluster['extensions'], []),
      };
    });

type ProviderCheck = (provider: FileEntry, profiles: readonly unknown[]) => FileReport[];

const buildReport = (id: string, at: ProblemPath, message: string, severity?: Severity): FileReport => ({
  id,
  at,
  message,
  severity,
});

/** The plugins that come with cluster-inventory-api: they speak v1 only, and ask for the cluster. */
const shipped = /^(kubeconfig-)?secretreader(-plugin)?$/;
const isShipped = ({ name, exec }: FileEntry): boolean =>
  [name, exec.command.value.replace(/^.*\//, '')].some((each) => shipped.test(each));

const checkIdentity: ProviderCheck = ({ at, name, exec }) => [
  ...(name ? [] : [buildReport('PF002', at, 'name is missing')]),
  ...(exec.command.value ? [] : [buildReport('PF002', exec.at, 'execConfig.command is missing')]),
  ...exec.env
    .filter((each) => !isVariableName(each.name))
    .map((each) => buildReport('PF002', each.at, 'the variable has no name, or one with = in it')),
];

const checkDeprecatedKeys: ProviderCheck = (provider) =>
  provider.keys
    .filter((key) => /^clusterProfileSourced/i.test(key))
    .map((key) =>
      buildReport('PF004', [...provider.at, key], `${key} is not read; the key begins with profileSourced`, 'warning'),
    );

function reportPolicy({ at, value }: Written<string>, values: readonly string[]): FileReport[] {
  if (value === '' || value === 'Ignore') return [];
  return values.includes(value)
    ? [buildReport('PF010', at, `with ${value}, whoever writes profiles changes how the plugin runs`)]
    : [buildReport('PF004', at, `${String(at.at(-1))} takes ${values.join(', ')}`)];
}

const checkPolicy: ProviderCheck = ({ argsPolicy, envsPolicy }) => [
  ...reportPolicy(argsPolicy, argsPolicies),
  ...reportPolicy(envsPolicy, envsPolicies),
];

const checkExecVersion: ProviderCheck = (provider) => {
  const { at, value } = provider.exec.apiVersion;
  if (!execVersions.has(value))
    return [buildReport('PF005', at, 'apiVersion takes client.authentication.k8s.io/v1 or v1beta1')];
  return value.endsWith('v1beta1') && isShipped(provider)
    ? [buildReport('PF005', at, 'this plugin speaks client.authentication.k8s.io/v1 only', 'warning')]
    : [];
};

const checkClusterInfo: ProviderCheck = (provider, profiles) => {
  const { at, value: told } = provider.exec.provideClusterInfo;
  if (told) return [];
  if (isShipped(provider)) return [buildReport('PF006', at, 'this plugin needs provideClusterInfo: true')];
  const asking = profiles.find((profile) =>
    readAccess(profile).some(
      ({ name, extensions }) =>
        name === provider.name && extensions.some(({ value }) => value['name'] === keys.execExtension),
    ),
  );
  return asking
    ? [
        buildReport(
          'PF006',
          at,
          `${describeLinted(asking)} has settings for the plugin, which it is not told without this`,
        ),
      ]
    : [];
};

const checkLocation: ProviderCheck = ({ exec }) => {
  const { at, value: command } = exec.command;
  if (hasBlanks(command))
    return [
      buildReport('PF007', at, 'it has blanks, and is run as the name of one file; its arguments belong into args'),
    ];
  return command.includes('/') && !command.startsWith('/')
    ? [buildReport('PF007', at, 'a relative path depends on where the reader runs')]
    : [];
};

/** Every argument and variable, with its place. */
const listWords = ({ exec: { command, args, env } }: FileEntry): (Word & { at: ProblemPath })[] => [
  ...splitArgumentWords(command.value.split(/\s+/).slice(1)).map((word) => ({ ...word, at: command.at })),
  ...splitArgumentWords(args.map(({ value }) => value)).map((word, index) => ({ ...word, at: args[index]?.at ?? [] })),
  ...env.map(({ name, value: { at, value: text } }) => ({ at, name, text })),
];

const checkSecret: ProviderCheck = (provider) =>
  listWords(provider).flatMap(({ at, ...word }) => {
    const what = detectCredentialWord(word);
    return what === undefined ? [] : [buildReport('PF008', at, `holds ${what}`)];
  });

const checkOneCluster: ProviderCheck = (provider, profiles) =>
  listWords(provider).flatMap(({ at, text }) => {
    // `prod-us`, or what is behind the sign of `--cluster-name=prod-us`.
    const named = new Set([text, text.slice(text.indexOf('=') + 1)]);
    const found = profiles.find((profile) => {
      const name = toText(toMap(toMap(profile)['metadata'])['name']);
      return (
        (name !== undefined && named.has(name)) ||
        readAccess(profile).some(({ server }) => server !== '' && text.includes(server))
      );
    });
    return found ? [buildReport('PF011', at, `is about ${describeLinted(found)} alone`)] : [];
  });

function checkInteractive({ at, value }: Written<string>): FileReport[] {
  if (value === '' || value === 'Never') return [];
  return interactiveModes.some((each) => each === value)
    ? [buildReport('PF012', at, 'readers of the file take it for Never; a kubeconfig made of it keeps it')]
    : [buildReport('PF012', at, `it takes ${interactiveModes.join(', ')}, and is taken for Never`, 'warning')];
}

const checkUnread: ProviderCheck = ({ exec: { interactiveMode, installHint } }) => [
  ...checkInteractive(interactiveMode),
  ...(installHint.value === '' ? [] : [buildReport('PF012', installHint.at, 'readers of the file do not show it')]),
];

const checks = [
  checkIdentity,
  checkDeprecatedKeys,
  checkPolicy,
  checkExecVersion,
  checkClusterInfo,
  checkLocation,
  checkSecret,
  checkOneCluster,
  checkUnread,
];

function checkBetween(providers: readonly FileEntry[], profiles: readonly unknown[]): FileReport[] {
  const named = new Set<string>();
  const reports: FileReport[] = [];
  for (const { at, name } of providers) {
    if (name === '') continue;
    if (named.has(name))
      reports.push(buildReport('PF003', at, `${show(name)} is there already, and the first one counts`));
    named.add(name);
    if (profiles.length > 0 && !profiles.some((each) => readAccess(each).some((one) => one.name === name)))
      reports.push(buildReport('PF009', at, `no profile has an access provider ${show(name)}`));
  }
  for (const profile of profiles)
    if (!readAccess(profile).some(({ name }) => name !== undefined && named.has(name)))
      reports.push(
        buildReport('PF009', ['providers'], `${describeLinted(profile)} has none of these access providers`),
      );
  return reports;
}

function collectReports(text: string, profiles: readonly unknown[]): FileReport[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The parser's message would show what it read.
    return [buildReport('PF001', [], 'not JSON, and no reader of this file takes YAML')];
  }
  const { entries, faults } = decodeProviderFile(content);
  const unloadable = ({ at }: FileReport): boolean =>
    faults.some((fault) => fault.at.every((key, index) => key === at[index]));
  return [
    ...faults.map(({ at, message }) => buildReport('PF001', at, message)),
    // Nothing can be said of a value that has the wrong type.
    ...entries.flatMap((each) => checks.flatMap((check) => check(each, profiles))).filter((each) => !unloadable(each)),
    ...(faults.length > 0 ? [] : checkBetween(entries, profiles)),
  ];
}

/** What is wrong with a provider file, on its own and for the profiles at hand. No finding holds a credential. */
export const checkProviderFile = (
  text: string,
  { file, profiles, strict }: { file: string; profiles: readonly unknown[]; strict: boolean },
): Finding[] =>
  collectReports(text, profiles).map(({ id, at, message, severity }) => {
    const given = severity ?? providerFileRules.find((rule) => rule.id === id)?.severity ?? 'error';
    return {
      id,
      severity: strict && given === 'warning' ? 'error' : given,
      message,
      file,
      document: 1,
      path: formatFieldPath(at),
      at,
    };
  });
