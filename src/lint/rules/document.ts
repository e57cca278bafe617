import type { Document, Problem } from '../problem.ts';
import { group, profileKind } from '../../profile/clusterprofile.ts';
import { isKnownVersion } from '../../profile/versions.ts';
import { isDnsLabel, isDnsSubdomain, isLabelKey, isLabelValue, nameLimit } from '../../profile/names.ts';
import { isObject } from '../../object.ts';
import { toText, type Input, type Profile } from '../input.ts';
import { show } from '../paths.ts';
import { both, noProblem, reportProblem, violations, type RuleReport, type Rule } from '../rule.ts';

function* checkReadable({ documents }: Input): Iterable<RuleReport> {
  for (const on of documents) {
    if (on.problem) yield { ...on.problem, on, at: [] };
    else if (!isObject(on.object)) yield { on, at: [], message: 'this document is no map, so no Kubernetes object' };
  }
}

const readApiVersion = ({ object }: Profile): string | undefined =>
  toText(object['apiVersion'])?.slice(group.length + 1) || undefined;

function checkKnownVersion(profile: Profile): Iterable<Problem> {
  const version = readApiVersion(profile);
  if (profile.object['apiVersion'] === '')
    return reportProblem(['apiVersion'], 'apiVersion is empty', { hint: `write ${group}/v1alpha1` });
  if (version === undefined || isKnownVersion(version)) return noProblem;
  return reportProblem(['apiVersion'], `${group} has no version ${show(version)}`, { hint: `use ${group}/v1alpha1` });
}

function checkKindCase({ object }: Profile): Iterable<Problem> {
  const named = toText(object['kind']);
  if (named === undefined || named === profileKind) return noProblem;
  return reportProblem(['kind'], `kind ${show(named)} does not exist`, { hint: `write ${profileKind}` });
}

/** What the schema says, and a kind in the wrong case, which no schema sees. */
const fitsSchema = both(violations('CP005'), checkKindCase);

const checkNewVersion = (profile: Profile): Iterable<Problem> =>
  readApiVersion(profile) === 'v1alpha2'
    ? reportProblem(['apiVersion'], 'v1alpha2 needs a hub with the CRDs of cluster-inventory-api v0.2.0 or later')
    : noProblem;

/** What every object has: a name, a namespace, labels. */
type NamedObject = Pick<Profile, 'name' | 'namespace' | 'metadata' | 'labels' | 'annotations'>;

const readGenerateName = ({ metadata }: NamedObject): string | undefined =>
  toText(metadata['generateName']) || undefined;

function checkName(profile: NamedObject): Iterable<Problem> {
  const { name, metadata } = profile;
  const prefix = readGenerateName(profile);
  const wrongType = [metadata['name'], metadata['generateName']].some(
    (value) => (value ?? '') !== '' && typeof value !== 'string',
  );
  if (name === undefined && prefix === undefined)
    return wrongType ? noProblem : reportProblem(['metadata', 'name'], 'the object has no name');
  const rule = 'must be a DNS subdomain: lower case letters, digits, - and ., at most 253 characters';
  if (name !== undefined)
    return isDnsSubdomain(name) ? noProblem : reportProblem(['metadata', 'name'], `the name ${rule}`);
  // The API server puts characters behind it, so that it may end in a dash.
  return isDnsSubdomain((prefix ?? '').replace(/(?<=.)-$/, 'a'))
    ? noProblem
    : reportProblem(['metadata', 'generateName'], `generateName ${rule}`);
}

function checkOnlyGenerated(profile: Profile): Iterable<Problem> {
  if (profile.name !== undefined || readGenerateName(profile) === undefined) return noProblem;
  return reportProblem(
    ['metadata', 'generateName'],
    'generateName works with kubectl create, not with apply, diff or GitOps',
    {
      hint: 'set metadata.name',
    },
  );
}

function checkBothNames(profile: Profile): Iterable<Problem> {
  if (profile.name === undefined || readGenerateName(profile) === undefined) return noProblem;
  return reportProblem(['metadata', 'generateName'], 'generateName is ignored beside a name');
}

function hasNamespace({ namespace, metadata }: Profile): Iterable<Problem> {
  if (namespace !== '' || typeof (metadata['namespace'] ?? '') !== 'string') return noProblem;
  return reportProblem(
    ['metadata', 'namespace'],
    'no namespace: it would be the one of the current context, and the namespace is the inventory',
  );
}

const checkNamespace = ({ namespace }: NamedObject): Iterable<Problem> =>
  namespace === '' || isDnsLabel(namespace)
    ? noProblem
    : reportProblem(
        ['metadata', 'namespace'],
        'the namespace must be a DNS label: lower case letters, digits and -, at most 63 characters',
      );

/** ValidateAnnotations of apimachinery. */
const annotationLimit = 256 * 1024;

function* checkKeys({ labels, annotations }: NamedObject): Iterable<Problem> {
  for (const [key, value] of Object.entries(labels)) {
    const at = ['metadata', 'labels', key];
    if (!isLabelKey(key)) yield { at, message: `${show(key)} is no legal label key` };
    else if (typeof value === 'string' && !isLabelValue(value))
      yield {
        at,
        message: `the value of label ${show(key)} must be at most 63 letters, digits, -, _ and ., and start and end with a letter or digit`,
      };
  }
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    size += key.length + (typeof value === 'string' ? Buffer.byteLength(value) : 0);
    if (!isLabelKey(key.toLowerCase()))
      yield { at: ['metadata', 'annotations', key], message: `${show(key)} is no legal annotation key` };
  }
  if (size > annotationLimit)
    yield { at: ['metadata', 'annotations'], message: 'the annotations are larger than 256 KiB' };
}

/** What the API server checks of the metadata of any object. */
export const checkMetadata = (object: NamedObject): Problem[] => [
  ...checkName(object),
  ...checkNamespace(object),
  ...checkKeys(object),
];

function checkPlainName({ name = '' }: Profile): Iterable<Problem> {
  if (name.length <= nameLimit && !name.includes('.')) return noProblem;
  const what = name.includes('.') ? 'the name has dots' : `the name is longer than ${nameLimit} characters`;
  return reportProblem(['metadata', 'name'], `${what}: consumers make label values, Secret names and DNS labels of it`);
}

const kib = 1024;
/** etcd refuses a larger request. */
const etcdLimit = 1536 * kib;

/** A short text without aliases, which repeat a part of it, makes no large object: that saves writing it as JSON. */
const isSmall = ({ chunk }: Document): boolean =>
  chunk !== undefined && chunk.text.length < 32 * kib && !chunk.text.includes('*');

function checkSize({ object, document }: Profile): Iterable<Problem> {
  if (isSmall(document)) return noProblem;
  const bytes = Buffer.byteLength(JSON.stringify(object));
  if (bytes > etcdLimit) return reportProblem([], 'the object is larger than 1.5 MiB, etcd refuses it');
  if (bytes <= 512 * kib) return noProblem;
  return reportProblem([], `the object has ${Math.round(bytes / kib)} KiB of the 1.5 MiB that etcd takes`, {
    severity: 'warning',
  });
}

const systemNamespaces = new Set(['default', 'kube-system', 'kube-public']);

const checkOwnNamespace = ({ namespace }: Profile): Iterable<Problem> =>
  systemNamespaces.has(namespace)
    ? reportProblem(['metadata', 'namespace'], `an inventory should have a namespace of its own, not ${namespace}`)
    : noProblem;

/** The document as a whole: can it be read, is it this API's, does it fit the schema, does its metadata hold. */
export const documentRules: readonly Rule[] = [
  {
    id: 'CP001',
    severity: 'error',
    title: 'The document is readable YAML or JSON without duplicate keys',
    checkInput: checkReadable,
  },
  { id: 'CP002', severity: 'error', title: 'The API version exists', check: checkKnownVersion },
  { id: 'CP003', severity: 'info', title: 'v1alpha2 needs newer CRDs on the hub', check: checkNewVersion },
  { id: 'CP004', severity: 'warning', title: 'All fields are known to the API', check: violations('CP004') },
  { id: 'CP005', severity: 'error', title: 'The object fits the schema of the CRD', check: fitsSchema },
  {
    id: 'CP006',
    severity: 'error',
    title: 'Strings that look like numbers or booleans are quoted',
    check: violations('CP006'),
  },
  { id: 'CP010', severity: 'error', title: 'The object has a legal name', check: checkName },
  { id: 'CP011', severity: 'warning', title: 'The name is fixed, not generated', check: checkOnlyGenerated },
  { id: 'CP012', severity: 'info', title: 'generateName is not set beside a name', check: checkBothNames },
  { id: 'CP013', severity: 'warning', title: 'The namespace is set', check: hasNamespace },
  { id: 'CP014', severity: 'error', title: 'The namespace is a DNS label', check: checkNamespace },
  { id: 'CP015', severity: 'error', title: 'Labels and annotations are legal', check: checkKeys },
  {
    id: 'CP016',
    severity: 'info',
    title: 'The name can be used as a label value and a DNS label',
    check: checkPlainName,
  },
  { id: 'CP017', severity: 'error', title: 'The object is small enough for etcd', check: checkSize },
  { id: 'CP018', severity: 'warning', title: 'The inventory has a namespace of its own', check: checkOwnNamespace },
];
