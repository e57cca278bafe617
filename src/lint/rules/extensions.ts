import type { Problem } from '../problem.ts';
import { group, keys } from '../../profile/clusterprofile.ts';
import { findInexact, isObject, readOwn } from '../../object.ts';
import { decodeScalar } from '../../access/extra-arguments.ts';
import { steersProcess } from '../../access/forbidden-variables.ts';
import { toMap, toText, type LintEntry, type LintFields, type Profile, type Provider } from '../input.ts';
import { show } from '../paths.ts';
import { eachProvider, noProblem, reportProblem, type ProfileCheck, type Rule } from '../rule.ts';

const { execExtension, argsExtension, envsExtension } = keys;
const reservedPrefix = `clusterprofiles.${group}/`;

/** For checks of extensions, which most providers do not have. */
const checkEachExtended = (check: (provider: Provider) => Iterable<Problem>): ProfileCheck =>
  eachProvider((provider) => (provider.extensions.length === 0 ? noProblem : check(provider)));

const filterByName = ({ extensions }: Provider, ...names: string[]): LintEntry[] =>
  extensions.filter(({ value }) => names.includes(toText(value['name']) ?? ''));

function* checkUniqueNames({ extensions }: Provider): Iterable<Problem> {
  const seen = new Set<string>();
  for (const { at, value } of extensions) {
    const name = toText(value['name']);
    if (name === undefined) continue;
    if (seen.has(name))
      yield { at: [...at, 'name'], message: `extension ${show(name)} is there twice: client-go fails on that` };
    seen.add(name);
  }
}

/** What the schema says of them, with a word on the one that KEP-4322 defines as a list. */
function checkObjects(provider: Provider, { faults }: Profile): Problem[] {
  const found = faults.filter(({ id, at }) => id === 'CP096' && provider.at.every((key, index) => key === at[index]));
  const hint =
    'KEP-4322 defines additional-args as a list, but the CRD takes objects only: put the arguments into the provider file of the consumer';
  const isArgs = ({ at }: Problem): boolean =>
    filterByName(provider, argsExtension).some((entry) => entry.at.at(-1) === at.at(-2));
  return found.map((fault) => (isArgs(fault) ? { ...fault, hint } : fault));
}

const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** pkg/access decodes any scalar into a text, and nothing else. */
const reportValue = (name: string, value: unknown, at: Problem['at']): Problem =>
  decodeScalar(value) === undefined
    ? { at, message: `the value of ${show(name)} must be a string`, hint: 'put it in quotes' }
    : {
        at,
        message: `the value of ${show(name)} is no string, and its readers take it for one`,
        hint: 'put it in quotes',
        severity: 'warning',
      };

function* checkVariables(provider: Provider): Iterable<Problem> {
  for (const { at, value } of filterByName(provider, envsExtension))
    for (const [name, inner] of Object.entries(toMap(value['extension']))) {
      const here = [...at, 'extension', name];
      if (!variable.test(name)) yield { at: here, message: `${show(name)} is no name of an environment variable` };
      if (typeof inner !== 'string') yield reportValue(name, inner, here);
    }
}

/** Arguments as a list, or as the values of a map where somebody worked around the schema. */
const listArguments = (extension: unknown): unknown[] =>
  Array.isArray(extension) ? extension : isObject(extension) ? Object.values(extension).flat() : [];

const isSteering = (argument: unknown): boolean =>
  typeof argument === 'string' &&
  argument.split(/[\s=,:]+/).some((word) => steersProcess(word) && word === word.toUpperCase());

function* checkHarmless(provider: Provider): Iterable<Problem> {
  const message = 'steers the process of the credential plugin';
  for (const { at, value } of filterByName(provider, envsExtension))
    for (const name of Object.keys(toMap(value['extension'])))
      if (steersProcess(name)) yield { at: [...at, 'extension', name], message: `${show(name)} ${message}` };
  for (const { at, value } of filterByName(provider, argsExtension))
    if (listArguments(value['extension']).some(isSteering))
      yield { at: [...at, 'extension'], message: `an argument ${message}` };
}

function* checkHonoured(provider: Provider): Iterable<Problem> {
  for (const { at, value } of filterByName(provider, argsExtension, envsExtension))
    yield {
      at: [...at, 'name'],
      message: `consumers ignore extension ${show(toText(value['name']) ?? '')} unless their policy allows it`,
    };
}

const newNames: Readonly<Record<string, string>> = {
  [keys.olderArgsExtension]: argsExtension,
  [keys.olderEnvsExtension]: envsExtension,
};

function* checkReserved({ extensions }: Provider): Iterable<Problem> {
  for (const { at, value } of extensions) {
    const name = toText(value['name']) ?? '';
    const now = readOwn(newNames, name);
    if (now !== undefined)
      yield {
        at: [...at, 'name'],
        message: `consumers do not read ${show(name)}, an older name`,
        hint: `now it is ${now}`,
      };
    if (!name.startsWith(reservedPrefix) || name === argsExtension || name === envsExtension) continue;
    yield {
      at: [...at, 'name'],
      message: `the prefix of ${show(name)} is reserved, and no such extension exists`,
      hint: `known are ${argsExtension} and ${envsExtension}`,
    };
  }
}

function* checkNumbers({ extensions }: Provider): Iterable<Problem> {
  for (const { at, value } of extensions) {
    const path = findInexact(value['extension']);
    if (path)
      yield {
        at: [...at, 'extension', ...path],
        message: 'an integer beyond 2^53 is changed by programs that read JSON numbers as doubles',
        hint: 'write it as a text',
      };
  }
}

export const checkExact = checkEachExtended(checkNumbers);

/** What a plugin of cluster-inventory-api needs in the exec extension. */
const checkNeeds = (provider: Provider, plugin: string, ...fields: string[]): Iterable<Problem> => {
  if (provider.name !== plugin) return noProblem;
  const [exec] = filterByName(provider, execExtension);
  const config: LintFields = toMap(exec?.value['extension']);
  const missing = fields.filter((key) => !toText(config[key]));
  if (missing.length === 0) return noProblem;
  const at = exec ? [...exec.at, 'extension'] : [...provider.at, 'cluster', 'extensions'];
  return reportProblem(at, `${plugin} needs ${missing.join(' and ')} in extension ${execExtension}`);
};

/** Extensions of an access provider: `cluster.extensions`. */
export const extensionRules: readonly Rule[] = [
  {
    id: 'CP095',
    severity: 'error',
    title: 'Names of extensions are unique',
    check: checkEachExtended(checkUniqueNames),
  },
  { id: 'CP096', severity: 'error', title: 'Extensions are objects', check: eachProvider(checkObjects) },
  {
    id: 'CP097',
    severity: 'error',
    title: 'additional-envs are environment variables',
    check: checkEachExtended(checkVariables),
  },
  {
    id: 'CP098',
    severity: 'warning',
    title: 'additional-envs and -args do not steer the plugin process',
    check: checkEachExtended(checkHarmless),
  },
  {
    id: 'CP099',
    severity: 'info',
    title: 'Extensions work without a policy of the consumer',
    check: checkEachExtended(checkHonoured),
  },
  {
    id: 'CP100',
    severity: 'warning',
    title: 'Extensions under the reserved prefix exist',
    check: checkEachExtended(checkReserved),
  },
  {
    id: 'CP101',
    severity: 'warning',
    title: 'secretreader has what it needs',
    check: eachProvider((provider) => checkNeeds(provider, 'secretreader', 'clusterName')),
  },
  {
    id: 'CP102',
    severity: 'warning',
    title: 'kubeconfig-secretreader has what it needs',
    check: eachProvider((provider) => checkNeeds(provider, 'kubeconfig-secretreader', 'name', 'key')),
  },
];
