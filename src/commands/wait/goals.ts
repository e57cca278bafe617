import { usageError, UserError } from '../../errors.ts';
import { relaxPath } from '../../output/custom-columns.ts';
import { isEvaluationError, isTemplateError } from '../../output/jsonpath/errors.ts';
import { findResults } from '../../output/jsonpath/evaluate.ts';
import { formatValue } from '../../output/jsonpath/go-format.ts';
import { parseTemplate } from '../../output/jsonpath/parse.ts';
import { listMaps, type ClusterProfile, type Condition } from '../../profile/clusterprofile.ts';

/** What is waited for, of one `--for`. */
export interface Goal {
  /** As it was typed. */
  title: string;
  /** That it exists, that it is gone, or that its state is as it should be. */
  kind: 'create' | 'delete' | 'state';
  isMet(profile: ClusterProfile): boolean;
  /** Why a profile that does not meet it does not. */
  explain(profile: ClusterProfile): string;
}

const equalFold = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

type ObservedCondition = Condition & { observedGeneration?: unknown };

/** Why a condition says nothing of the profile as it is now; `undefined` where it does. */
function explainStale(condition: ObservedCondition, { metadata, status }: ClusterProfile): string | undefined {
  const observed = condition.observedGeneration ?? (status as { observedGeneration?: unknown }).observedGeneration;
  const { generation } = metadata;
  if (typeof observed !== 'number' || typeof generation !== 'number' || observed >= generation) return undefined;
  return `${condition.type} is for generation ${observed}, the profile is at ${generation}`;
}

function parseConditionGoal(title: string, text: string): Goal {
  const [type = '', ...rest] = text.split('=');
  if (type === '') throw usageError('--for condition= takes the type of a condition');
  const wanted = rest.length === 0 ? 'true' : rest.join('=');
  const find = (profile: ClusterProfile): ObservedCondition | undefined =>
    listMaps(profile.status?.conditions).find(
      (each) => typeof each.type === 'string' && equalFold(each.type, type) && typeof each.status === 'string',
    );
  return {
    title,
    kind: 'state',
    isMet(profile) {
      const condition = find(profile);
      return (
        condition !== undefined && explainStale(condition, profile) === undefined && equalFold(condition.status, wanted)
      );
    },
    explain(profile) {
      const condition = find(profile);
      if (condition === undefined) return `it has no condition ${type}`;
      const because = condition.reason
        ? ` (${condition.reason}${condition.message ? `: ${condition.message}` : ''})`
        : '';
      return explainStale(condition, profile) ?? `${condition.type} is ${condition.status}${because}`;
    },
  };
}

/** Splits at each single `=`: two of them are an operator of a filter. */
function splitAtEquals(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (const [piece] of text.matchAll(/==|=|[^=]+/g))
    if (piece === '=') {
      parts.push(part);
      part = '';
    } else part += piece;
  return [...parts, part];
}

const jsonpathHint = "for example --for=jsonpath='{.status.version.kubernetes}'=v1.34.2";

function parseJsonpathGoal(title: string, text: string): Goal {
  const [path = '', given, ...more] = splitAtEquals(text);
  if (more.length > 0) throw usageError(`${title} has more than one value`, jsonpathHint);
  const wanted = given?.replaceAll(/^['"]+|['"]+$/g, '');
  if (wanted === '') throw usageError('jsonpath wait has to have a value after equal sign', jsonpathHint);
  const nodes = parsePath(path);
  const find = (profile: ClusterProfile): unknown[] => {
    const results = followPath(nodes, profile);
    if (results.length > 1) throw new UserError('given jsonpath expression matches more than one list');
    const [values = []] = results;
    if (values.length > 1) throw new UserError('given jsonpath expression matches more than one value');
    return values;
  };
  return {
    title,
    kind: 'state',
    isMet(profile) {
      const values = find(profile);
      if (values.length === 0 || wanted === undefined) return values.length > 0;
      if (typeof values[0] === 'object' && values[0] !== null)
        throw new UserError('jsonpath leads to a nested object or list which is not supported');
      return formatValue(values[0]).trim() === wanted.trim();
    },
    explain(profile) {
      const values = find(profile);
      return values.length === 0 ? `${path} leads to nothing` : `${path} is ${formatValue(values[0])}`;
    },
  };
}

function parsePath(path: string): ReturnType<typeof parseTemplate> {
  try {
    const relaxed = relaxPath(path);
    if (relaxed === '') throw usageError('jsonpath expression cannot be empty', jsonpathHint);
    return parseTemplate(relaxed);
  } catch (error) {
    throw isTemplateError(error) ? usageError(error.message, jsonpathHint) : error;
  }
}

function followPath(nodes: ReturnType<typeof parseTemplate>, profile: ClusterProfile): unknown[][] {
  try {
    return findResults(nodes, profile, true);
  } catch (error) {
    throw isEvaluationError(error) ? new UserError(error.message) : error;
  }
}

/** What `--for` says, with kubectl's words and meanings. */
export function parseGoal(text: string): Goal {
  const word = text.toLowerCase();
  if (word === 'create') return { title: text, kind: 'create', isMet: () => true, explain: () => 'it is there' };
  if (word === 'delete')
    return {
      title: text,
      kind: 'delete',
      isMet: () => false,
      explain: ({ metadata }) =>
        metadata.deletionTimestamp === undefined
          ? 'it is there'
          : `it is being deleted and waits for ${metadata.finalizers?.join(', ') ?? 'its end'}`,
    };
  const [, kind, rest = ''] = /^(condition|jsonpath)=([^]*)$/.exec(text) ?? [];
  if (kind === 'condition') return parseConditionGoal(text, rest);
  if (kind === 'jsonpath') return parseJsonpathGoal(text, rest);
  throw usageError(
    `unrecognized condition: ${JSON.stringify(text)}`,
    "--for takes condition=TYPE[=STATUS], create, delete or jsonpath='{…}'[=VALUE]",
  );
}
