// Cluster: https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html
// ACK: https://aws-controllers-k8s.github.io/community/reference/eks/v1alpha1/cluster/
import type { Warn } from '../../util/notices.ts';
import { option } from '../../options.ts';
import {
  domain,
  keys,
  propertyOf,
  type Cluster,
  type ClusterProfile,
  type UnknownFacts,
} from '../../profile/clusterprofile.ts';
import {
  fromAck,
  fromAnswer,
  isDescribed,
  isPage,
  isUndescribed,
  nameRepeated,
  locateAnswer,
  reportLists,
  dropRepeatedAnswers,
  titleAnswer,
} from './answers.ts';
import { accessProviderOption, buildEksCluster, parseArn, type EksFacts } from '../../import/kit/eks-cluster.ts';
import { usageError } from '../../errors.ts';
import { readSubject, filterUserLabels } from '../../import/kit/facts.ts';
import { isKind, text, textMap } from '../../object.ts';
import { isDnsSubdomain, isLabelKey, isLabelValue } from '../../profile/names.ts';
import {
  defineImporter,
  missFact,
  type Item,
  type ListContext,
  type ImportContext,
} from '../../import/kit/importer.ts';

function parsePrefix(given: string): string {
  if (isDnsSubdomain(given)) return given;
  throw usageError('--tags-as-labels takes the prefix of label keys, such as aws.example.com');
}

const flags = {
  region: option.texts(
    '--region <region>',
    'region, repeatable or with commas (default: AWS_REGION, AWS_DEFAULT_REGION, that of the profile)',
  ),
  profile: option.text('--profile <name>', 'profile of the AWS configuration (default: AWS_PROFILE)', {
    settable: 'personal',
  }),
  accessProvider: accessProviderOption,
  tagsAsLabels: option.parsed(
    '--tags-as-labels <prefix>',
    'tags as labels <prefix>/<key>, those that are legal ones',
    parsePrefix,
  ),
  ack: option.flag('--ack', "read ACK's Cluster objects from a cluster instead of asking AWS"),
  sourceContext: option.text('--source-context <name>', 'with --ack: kubeconfig context of that cluster', {
    settable: 'personal',
  }),
  sourceKubeconfig: option.text('--source-kubeconfig <file>', 'with --ack: kubeconfig file', { settable: 'personal' }),
  sourceNamespace: option.text('--source-namespace <namespace>', 'with --ack: objects of one namespace only'),
};
type Context = ImportContext<typeof flags>;

const manager = 'eks';

const ack = { group: 'eks.services.k8s.aws', versions: ['v1alpha1'], kind: 'Cluster', plural: 'clusters' };

/** Tags as labels under a prefix. Tags may hold anything, labels may not: the others are named, in one line. */
function copyTags(tags: Record<string, string>, prefix: string, warn: Warn): Record<string, string> {
  const labels = Object.entries(tags).map(([key, content]) => [`${prefix}/${key}`, content] as const);
  const legal = labels.filter(([key, content]) => isLabelKey(key) && isLabelValue(content));
  const others = labels.filter((label) => !legal.includes(label)).map(([key]) => key.slice(prefix.length + 1));
  if (others.length > 0) warn(`tags that are no legal labels, left out: ${others.toSorted().join(', ')}`);
  return Object.fromEntries(legal);
}

/** A cluster, with a longer name where its own repeats in the read. */
interface NamedAnswer extends Item<object> {
  longName: string | undefined;
}

/** What every answer of the EKS API has: without it, it was cut. The region is in the ARN, and the login needs it. */
const unknownOfAnswer = ({ arn, status }: EksFacts, context: Context): UnknownFacts[] => [
  ...(parseArn(arn).region
    ? []
    : [
        missFact(
          'ARN',
          {
            labels: true,
            access: ['extensions'],
            properties: [keys.locationProperty, keys.regionProperty, `account.${domain}`, `arn.${domain}`],
          },
          context,
        ),
      ]),
  ...(status ? [] : [missFact('status', { conditions: ['Joined', 'ControlPlaneHealthy'] }, context)]),
];

function translate({ object, longName }: NamedAnswer, context: Context): Cluster {
  const native = isKind(object, ack);
  const facts = native ? fromAck(object) : fromAnswer(object);
  const prefix = context.options.tagsAsLabels;
  const tags = prefix === undefined ? {} : textMap(object, ...(native ? ['spec'] : locateAnswer(object)), 'tags');
  const identity = native ? readSubject(object).identity : (facts.arn ?? `eks/${facts.name}`);
  const cluster = buildEksCluster(facts, identity, context);
  const own = native ? filterUserLabels(object, /(^|\.)services\.k8s\.aws$/) : {};
  return {
    ...cluster,
    ...(!native && { unknown: [...(cluster.unknown ?? []), ...unknownOfAnswer(facts, context)] }),
    name: longName ?? facts.name,
    displayName: facts.name,
    namespace: native ? text(object, 'metadata', 'namespace') : undefined,
    labels: { ...own, ...(prefix !== undefined && copyTags(tags, prefix, context.warn)) },
  };
}

/** Every read is of some regions of one account. */
const readScope = (profile: ClusterProfile): string =>
  [propertyOf(profile, `account.${domain}`), propertyOf(profile, keys.regionProperty)].join('/');

function join(objects: unknown[], context: Context): NamedAnswer[] {
  reportLists(objects, context);
  const answers = dropRepeatedAnswers(objects);
  const names = new Map(nameRepeated(answers, objects));
  const all = [...answers, ...objects.filter((object) => isKind(object, ack))];
  return all.map((object) => {
    const title = isKind(object, ack) ? undefined : titleAnswer(object);
    return { object, longName: names.get(object), ...(title !== undefined && { title }) };
  });
}

async function* list(context: ListContext<typeof flags>): AsyncIterable<unknown> {
  const { options, env } = context;
  if (options.ack) {
    yield* context.objects(ack);
    return;
  }
  const given = options.region.flatMap((each) => each.split(',').map((region) => region.trim()));
  const regions = [...new Set(given.filter(Boolean))];
  const usual = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'];
  if (regions.length === 0 && usual) regions.push(usual);
  const wrong = regions.find((region) => !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(region));
  if (wrong !== undefined) throw usageError(`${JSON.stringify(wrong)} is not the name of a region`);
  const { readEksClusters } = await import('../../clouds/aws.ts');
  yield* readEksClusters({ regions, profile: options.profile ?? env['AWS_PROFILE'] }, context);
}

export default defineImporter<NamedAnswer, typeof flags>({
  manager,
  scope: readScope,
  options: flags,
  reads: ['aws eks describe-cluster'],
  otherKinds: [ack],
  accepts: (object) => isDescribed(object) || isUndescribed(object) || isPage(object) || isKind(object, ack),
  list,
  join,
  translate,
});
