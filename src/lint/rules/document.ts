import type { Document, Problem } from '../problem.ts';
import { group, kind } from '../../profile/clusterprofile.ts';
import { isDnsLabel, isDnsSubdomain, isLabelKey, isLabelValue, nameLimit } from '../../profile/names.ts';
import { isObject } from '../../object.ts';
import { textOf, type Input, type Profile } from '../input.ts';
import { show } from '../paths.ts';
import { both, none, problem, violations, type Report, type Rule } from '../rule.ts';

function* readable({ documents }: Input): Iterable<Report> {
  for (const on of documents) {
    if (on.problem) yield { ...on.problem, on, at: [] };
    else if (!isObject(on.object)) yield { on, at: [], message: 'this document is no map, so no Kubernetes object' };
  }
}

const versions = new Set(['v1alpha1', 'v1alpha2']);
const versionOf = ({ object }: Profile): string | undefined =>
  textOf(object['apiVersion'])?.slice(group.length + 1) || undefined;

function knownVersion(profile: Profile): Iterable<Problem> {
  const version = versionOf(profile);
  if (version === undefined || versions.has(version)) return none;
  return problem(['apiVersion'], `${group} has no version ${show(version)}`, { hint: `use ${group}/v1alpha1` });
}

function kindAsWritten({ object }: Profile): Iterable<Problem> {
  const named = textOf(object['kind']);
  if (named === undefined || named === kind) return none;
  return problem(['kind'], `kind ${show(named)} does not exist`, { hint: `write ${kind}` });
}

/** What the schema says, and a kind in the wrong case, which no schema sees. */
const fitsSchema = both(violations('CP005'), kindAsWritten);

const newVersion = (profile: Profile): Iterable<Problem> =>
  versionOf(profile) === 'v1alpha2'
    ? problem(['apiVersion'], 'v1alpha2 needs a hub with the CRDs of cluster-inventory-api v0.2.0 or later')
    : none;

/** What every object has: a name, a namespace, labels. */
export type NamedObject = Pick<Profile, 'name' | 'namespace' | 'metadata' | 'labels' | 'annotations'>;

const generateNameOf = ({ metadata }: NamedObject): string | undefined => textOf(metadata['generateName']) || undefined;

function legalName(profile: NamedObject): Iterable<Problem> {
  const { name, metadata } = profile;
  const prefix = generateNameOf(profile);
  const wrongType = [metadata['name'], metadata['generateName']].some(
    (value) => (value ?? '') !== '' && typeof value !== 'string',
  );
  if (name === undefined && prefix === undefined)
    return wrongType ? none : problem(['metadata', 'name'], 'the object has no name');
  const rule = 'must be a DNS subdomain: lower case letters, digits, - and ., at most 253 characters';
  if (name !== undefined) return isDnsSubdomain(name) ? none : problem(['metadata', 'name'], `the name ${rule}`);
  // The API server puts characters behind it, so that it may end in a dash.
  return isDnsSubdomain((prefix ?? '').replace(/(?<=.)-$/, 'a'))
    ? none
    : problem(['metadata', 'generateName'], `generateName ${rule}`);
}

function onlyGenerated(profile: Profile): Iterable<Problem> {
  if (profile.name !== undefined || generateNameOf(profile) === undefined) return none;
  return problem(
    ['metadata', 'generateName'],
    'generateName works with kubectl create, not with apply, diff or GitOps',
    {
      hint: 'set metadata.name',
    },
  );
}

function bothNames(profile: Profile): Iterable<Problem> {
  if (profile.name === undefined || generateNameOf(profile) === undefined) return none;
  return problem(['metadata', 'generateName'], 'generateName is ignored beside a name');
}

function hasNamespace({ namespace, metadata }: Profile): Iterable<Problem> {
  if (namespace !== '' || typeof (metadata['namespace'] ?? '') !== 'string') return none;
  return problem(
    ['metadata', 'namespace'],
    'no namespace: it would be the one of the current context, and the namespace is the inventory',
  );
}

const legalNamespace = ({ namespace }: NamedObject): Iterable<Problem> =>
  namespace === '' || isDnsLabel(namespace)
    ? none
    : problem(
        ['metadata', 'namespace'],
        'the namespace must be a DNS label: lower case letters, digits and -, at most 63 characters',
      );

/** ValidateAnnotations of apimachinery. */
const annotationLimit = 256 * 1024;

function* legalKeys({ labels, annotations }: NamedObject): Iterable<Problem> {
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
export const metadataProblems = (object: NamedObject): Problem[] => [
  ...legalName(object),
  ...legalNamespace(object),
  ...legalKeys(object),
];

function plainName({ name = '' }: Profile): Iterable<Problem> {
  if (name.length <= nameLimit && !name.includes('.')) return none;
  const what = name.includes('.') ? 'the name has dots' : `the name is longer than ${nameLimit} characters`;
  return problem(['metadata', 'name'], `${what}: consumers make label values, Secret names and DNS labels of it`);
}

const kib = 1024;
/** etcd refuses a larger request. */
const etcdLimit = 1536 * kib;

/** A short text without aliases, which repeat a part of it, makes no large object: that saves writing it as JSON. */
const isSmall = ({ chunk }: Document): boolean =>
  chunk !== undefined && chunk.text.length < 32 * kib && !chunk.text.includes('*');

function size({ object, document }: Profile): Iterable<Problem> {
  if (isSmall(document)) return none;
  const bytes = Buffer.byteLength(JSON.stringify(object));
  if (bytes > etcdLimit) return problem([], 'the object is larger than 1.5 MiB, etcd refuses it');
  if (bytes <= 512 * kib) return none;
  return problem([], `the object has ${Math.round(bytes / kib)} KiB of the 1.5 MiB that etcd takes`, {
    severity: 'warning',
  });
}

const systemNamespaces = new Set(['default', 'kube-system', 'kube-public']);

const ownNamespace = ({ namespace }: Profile): Iterable<Problem> =>
  systemNamespaces.has(namespace)
    ? problem(['metadata', 'namespace'], `an inventory should have a namespace of its own, not ${namespace}`)
    : none;

/** The document as a whole: can it be read, is it this API's, does it fit the schema, does its metadata hold. */
export const documentRules: readonly Rule[] = [
  {
    id: 'CP001',
    severity: 'error',
    title: 'The document is readable YAML or JSON without duplicate keys',
    checkInput: readable,
  },
  { id: 'CP002', severity: 'error', title: 'The API version exists', check: knownVersion },
  { id: 'CP003', severity: 'info', title: 'v1alpha2 needs newer CRDs on the hub', check: newVersion },
  { id: 'CP004', severity: 'warning', title: 'All fields are known to the API', check: violations('CP004') },
  { id: 'CP005', severity: 'error', title: 'The object fits the schema of the CRD', check: fitsSchema },
  {
    id: 'CP006',
    severity: 'error',
    title: 'Strings that look like numbers or booleans are quoted',
    check: violations('CP006'),
  },
  { id: 'CP010', severity: 'error', title: 'The object has a legal name', check: legalName },
  { id: 'CP011', severity: 'warning', title: 'The name is fixed, not generated', check: onlyGenerated },
  { id: 'CP012', severity: 'info', title: 'generateName is not set beside a name', check: bothNames },
  { id: 'CP013', severity: 'warning', title: 'The namespace is set', check: hasNamespace },
  { id: 'CP014', severity: 'error', title: 'The namespace is a DNS label', check: legalNamespace },
  { id: 'CP015', severity: 'error', title: 'Labels and annotations are legal', check: legalKeys },
  {
    id: 'CP016',
    severity: 'info',
    title: 'The name can be used as a label value and a DNS label',
    check: plainName,
  },
  { id: 'CP017', severity: 'error', title: 'The object is small enough for etcd', check: size },
  { id: 'CP018', severity: 'warning', title: 'The inventory has a namespace of its own', check: ownNamespace },
];
