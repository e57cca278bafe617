import { offerWords, type Answer, type Candidate } from './answer.ts';
import {
  listClusterSets,
  listLabelKeys,
  listManagers,
  listNamespaces,
  listPlacements,
  listPropertyNames,
  type Typed,
} from './inventory.ts';
import { expandPath, readTypedFlag } from './words.ts';
import { readOwn } from '../../../object.ts';
import { listKubeconfigFiles, loadKubeconfig } from '../../../kubernetes/kubeconfig.ts';
import { listSystemsFor } from '../../../systems/index.ts';
import type { DeclaredFlag } from '../../flags/flags.ts';

/** Names in the kubeconfig that a flag is about, the one for `--source-context` that of `--source-kubeconfig`. */
function listEntries(kind: 'contexts' | 'clusters' | 'users', flag: string, { words, io }: Typed): Candidate[] {
  const [, prefix = ''] = /^--(source-|target-)/.exec(flag) ?? [];
  const path = readTypedFlag(words, `--${prefix}kubeconfig`) ?? readTypedFlag(words, '--kubeconfig');
  const files = listKubeconfigFiles(path === undefined ? undefined : expandPath(path, io.env), io.env);
  return [...loadKubeconfig(files)[kind].keys()].map((name) => [name]);
}

const listConsumers = (): Candidate[] => listSystemsFor('export').map(([name, { title }]) => [name, title]);

/** `karmada:`, and behind it the contexts of the kubeconfig. */
const listSources = (word: string, typed: Typed): Candidate[] => {
  const [, system] = /^([\w-]+:)/.exec(word) ?? [];
  if (system === undefined) return listSystemsFor('import').map(([name, { title }]) => [`${name}:`, title]);
  return listEntries('contexts', '--context', typed).map(([name]) => [`${system}${name}`]);
};

/** Every rule of `validate`, with what it is about. */
export async function listRuleIds(): Promise<Candidate[]> {
  const { loadAllRules } = await import('../../../lint/catalogue.ts');
  return (await loadAllRules()).map(({ id, title }) => [id, title]);
}

/** Behind the last comma of a list of words. */
async function listBehindComma(word: string, list: Promise<Candidate[]>): Promise<Candidate[]> {
  const before = word.slice(0, word.lastIndexOf(',') + 1);
  return (await list).map(([value, what = '']) => [`${before}${value}`, what]);
}

const appendEquals = async (list: Promise<Candidate[]>): Promise<Candidate[]> =>
  (await list).map(([value]) => [`${value}=`]);

/** What `wait --for` may be for. */
const waitGoals = ['condition=ControlPlaneHealthy', 'condition=Joined', 'create', 'delete', 'jsonpath='];

type ListValues = (typed: Typed, word: string, flag: string) => Candidate[] | Promise<Candidate[]>;

/** What flags take that are the same wherever they stand, by their long names, without `source-` and `target-`. */
const byFlag: Readonly<Record<string, ListValues>> = {
  context: (typed, _word, flag) => listEntries('contexts', flag, typed),
  cluster: (typed, _word, flag) => listEntries('clusters', flag, typed),
  user: (typed, _word, flag) => listEntries('users', flag, typed),
  namespace: (typed, _word, flag) => (/^--(source|target)-/.test(flag) ? [] : listNamespaces(typed)),
  clusterset: listClusterSets,
  manager: listManagers,
  property: (typed, word) => (word.includes('=') ? [] : appendEquals(listPropertyNames(typed))),
  placement: listPlacements,
  from: (typed, word) => listSources(word, typed),
  for: ({ words }) => (words[0] === 'wait' ? waitGoals.map((goal) => [goal]) : listConsumers()),
  accept: (_typed, word) => listBehindComma(word, listRuleIds()),
  ignore: (_typed, word) => listBehindComma(word, listRuleIds()),
  'label-columns': (typed, word) => listBehindComma(word, listLabelKeys(typed)),
  'property-columns': (typed, word) => listBehindComma(word, listPropertyNames(typed)),
};

/** Paths by the word that help has for a value: `<file>`, `<dir>`. */
const byPlaceholder: Readonly<Record<string, Answer['paths']>> = {
  file: 'files',
  path: 'files',
  dir: 'directories',
};

/** What stands between the brackets of `--inventory <dir>`. */
const placeholderOf = (flags: string): string => /[<[](.*?)[>\]]/.exec(flags)?.[1] ?? '';

/** What an operand or a flag with such a placeholder takes, where it takes paths; in `<file|hub>` a word besides. */
export const findPaths = (placeholder: string): Answer['paths'] =>
  readOwn(byPlaceholder, placeholder.split('|')[0] ?? '');

/** What may stand behind a flag that takes a value. */
export async function offerValues(option: DeclaredFlag, typed: Typed, word: string): Promise<Answer> {
  const words = option.declared?.choices ?? option.declared?.values;
  if (words) return offerWords(words);
  const flag = option.long ?? '';
  const list = readOwn(byFlag, flag.replace(/^--(?:source-|target-)?/, ''));
  if (list) return { candidates: await list(typed, word, flag) };
  const paths = findPaths(placeholderOf(option.flags));
  return { candidates: [], ...(paths && { paths }) };
}
