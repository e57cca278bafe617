// Answers of the EKS API, live or recorded, and ACK's objects: what they are, and what is read of them. Pure.
import type { ImportContext } from '../../import/kit/importer.ts';
import { UserError } from '../../errors.ts';
import { peekAt, readSubject } from '../../import/kit/facts.ts';
import { flag, readEach, text, texts, time, value, type KubernetesObject, isObject } from '../../object.ts';
import { groupBy } from '../../util/collections.ts';
import { listSome } from '../../util/text.ts';
import { parseArn, type EksFacts, type Issue } from '../../import/kit/eks-cluster.ts';

type AnswerJson = Record<string, unknown>;

const isBare = (object: unknown): object is AnswerJson =>
  isObject(object) && !('kind' in object) && !('apiVersion' in object);

/** The answer of DescribeCluster, or the cluster in it alone (`--query cluster`). */
export const isDescribed = (object: unknown): object is AnswerJson =>
  isBare(object) &&
  (isObject(object['cluster'])
    ? 'arn' in object['cluster'] || ('name' in object['cluster'] && 'status' in object['cluster'])
    : typeof object['arn'] === 'string' && parseArn(object['arn']).name !== undefined);

/** A page of ListClusters: names, and nothing of the clusters. */
export const isPage = (object: unknown): object is AnswerJson =>
  isBare(object) &&
  Array.isArray(object['clusters']) &&
  object['clusters'].length > 0 &&
  object['clusters'].every((name) => typeof name === 'string');

/** A cluster of a live read that could not be described: its name is all that is known. */
export const isUndescribed = (object: unknown): object is { undescribed: { name: string; region: string } } =>
  isBare(object) && isObject(object['undescribed']) && typeof object['undescribed']['name'] === 'string';

/** Where the cluster is in an answer. */
export const locateAnswer = (object: unknown): string[] =>
  isObject(object) && isObject(object['cluster']) ? ['cluster'] : [];

const readIssues = (object: unknown, ...path: string[]): Issue[] =>
  readEach(object, [...path, 'health', 'issues'], (issue) => ({
    code: text(issue, 'code') ?? 'Other',
    message: text(issue, 'message') ?? '',
  }));

/** What messages call a cluster of an answer, which has no kind and no metadata. */
export function titleAnswer(object: unknown): string | undefined {
  const name = peekAt(object, ...locateAnswer(object), 'name');
  return typeof name === 'string' ? `cluster ${name}` : undefined;
}

/**
 * What an answer tells of a cluster. Of `connectorConfig` the provider alone: what stands beside it lets anybody register a
 * cluster.
 */
export function fromAnswer(object: unknown): EksFacts {
  const at = locateAnswer(object);
  const arn = text(object, ...at, 'arn');
  const name = text(object, ...at, 'name') ?? parseArn(arn).name;
  if (!name) throw new UserError(`${[...at, 'name'].join('.')} is missing`);
  const connected = value(object, ...at, 'connectorConfig') !== undefined;
  return {
    name,
    arn,
    status: text(object, ...at, 'status'),
    issues: readIssues(object, ...at),
    created: time(object, ...at, 'createdAt'),
    version: text(object, ...at, 'version'),
    platformVersion: text(object, ...at, 'platformVersion'),
    endpoint: text(object, ...at, 'endpoint'),
    caData: text(object, ...at, 'certificateAuthority', 'data'),
    publicEndpoint: flag(object, ...at, 'resourcesVpcConfig', 'endpointPublicAccess'),
    vpc: text(object, ...at, 'resourcesVpcConfig', 'vpcId'),
    connected: connected ? (text(object, ...at, 'connectorConfig', 'provider') ?? '') : undefined,
    outpostId: text(object, ...at, 'id'),
  };
}

/** What ACK's object tells of a cluster. It has no version but the one that is asked for. */
export function fromAck(object: KubernetesObject): EksFacts {
  const metadata = ['status', 'ackResourceMetadata'];
  const leaving = value(object, 'metadata', 'deletionTimestamp') !== undefined;
  return {
    name: text(object, 'spec', 'name') || readSubject(object).name,
    arn: text(object, ...metadata, 'arn'),
    region: text(object, ...metadata, 'region'),
    account: text(object, ...metadata, 'ownerAccountID'),
    status: leaving ? 'DELETING' : text(object, 'status', 'status'),
    issues: readIssues(object, 'status'),
    created: text(object, 'status', 'createdAt') ?? text(object, 'metadata', 'creationTimestamp'),
    desiredVersion: text(object, 'spec', 'version'),
    platformVersion: text(object, 'status', 'platformVersion'),
    endpoint: text(object, 'status', 'endpoint'),
    caData: text(object, 'status', 'certificateAuthority', 'data'),
    publicEndpoint: flag(object, 'spec', 'resourcesVPCConfig', 'endpointPublicAccess'),
    outpostId: text(object, 'status', 'id'),
  };
}

/** Names of lists that nobody described. Prune may not take such clusters for gone. */
export function reportLists(objects: readonly unknown[], context: ImportContext): void {
  const pages = objects.filter(isPage);
  const known = new Set(objects.filter(isDescribed).map((object) => peekAt(object, ...locateAnswer(object), 'name')));
  const missing = [...new Set(pages.flatMap((page) => texts(page, 'clusters')))].filter((name) => !known.has(name));
  const left = objects.filter(isUndescribed).map(({ undescribed }) => undescribed.name);
  if (left.length > 0)
    context.warn(`not described and left out, what the inventory has of them stays: ${listSome(left.toSorted())}`);
  const say = (message: string): void => (context.common.prune ? context.partial(message) : context.warn(message));
  const shown = [...missing.slice(0, 5), ...(missing.length > 5 ? [`${missing.length - 5} more`] : [])].join(', ');
  if (missing.length > 0)
    say(`skipped, since a list of names says nothing of a cluster (aws eks describe-cluster does): ${shown}`);
  if (pages.length > 0 && pages.every((page) => page['nextToken']))
    say('the last page of the list of names is missing');
}

/** The answers, one a cluster: the later of two records counts. */
export function dropRepeatedAnswers(objects: readonly unknown[]): AnswerJson[] {
  const byArn = new Map<unknown, AnswerJson>();
  for (const object of objects.filter(isDescribed))
    byArn.set(peekAt(object, ...locateAnswer(object), 'arn') ?? object, object);
  return [...byArn.values()];
}

/**
 * Names that tell clusters apart where one repeats: EKS names are unique in one account and region only. One that could
 * not be described counts too, or the others would have another name this time.
 */
export function nameRepeated(answers: readonly AnswerJson[], objects: readonly unknown[]): Map<object, string> {
  const described = answers.map((object) => ({
    object,
    ...parseArn(String(peekAt(object, ...locateAnswer(object), 'arn'))),
  }));
  const undescribed = objects
    .filter(isUndescribed)
    .map((object) => ({ object, account: undefined, ...object.undescribed }));
  const names = new Map<object, string>();
  for (const [name, same] of groupBy([...described, ...undescribed], (each) => each.name)) {
    const accounts = new Set(same.map(({ account }) => account).filter(Boolean)).size > 1;
    const regions = new Set(same.map(({ region }) => region)).size > 1;
    if (accounts || regions)
      for (const { object, account, region } of same)
        names.set(object, [name, accounts && account, regions && region].filter(Boolean).join('-'));
  }
  return names;
}
