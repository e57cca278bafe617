// https://github.com/kubernetes-sigs/cluster-inventory-api/blob/main/pkg/access/config.go
import type { CheckContext, Concern, CommonDrop, ConsumerCheck } from './exporter.ts';
import {
  listAdditions,
  listIgnored,
  matchProvider,
  locateProvider,
  findUsedProvider,
  listOlderNames,
  type ProviderConfig,
} from '../../access/provider.ts';
import { accessProvidersOf, conditionOf, keys, nameOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { identifyMember } from '../../profile/members.ts';
import { nameLimit } from '../../profile/names.ts';
import { groupBy, memoise } from '../../util/collections.ts';
import { isAbsoluteUrl } from '../../profile/endpoint/server-url.ts';

/** What consumers that read ClusterProfiles themselves do with them, by the library they share (pkg/access). */

const noConcern: readonly Concern[] = [];

/** Fields of an endpoint that pkg/access does not copy, up to v0.1. */
export const droppedByReaders: readonly CommonDrop[] = [
  'tls-server-name',
  'disable-compression',
  'insecure-skip-tls-verify',
];

/** What a profile lacks for anybody to connect, in the provider that would be used. */
export function findMissingAccess(profile: ClusterProfile, providers: readonly ProviderConfig[]): string | undefined {
  const provider = findUsedProvider(profile, providers);
  if (!provider) return 'status.accessProviders is missing';
  return provider.cluster?.server ? undefined : `its access provider ${provider.name} has no server`;
}

/** A server that v1alpha2 and Kueue do not take. */
export function findWrongServer(profile: ClusterProfile, providers: readonly ProviderConfig[]): string | undefined {
  const server = findUsedProvider(profile, providers)?.cluster?.server;
  if (!server || (isAbsoluteUrl(server) && /^https:/i.test(server))) return undefined;
  return 'its server is not an absolute https URL';
}

/** For those whose losses are not known. */
export const checkInsecure: ConsumerCheck = (profile, { providers }) => {
  const provider = findUsedProvider(profile, providers);
  if (provider?.cluster?.['insecure-skip-tls-verify'] !== true) return noConcern;
  return [
    {
      severity: 'warning',
      message: 'insecure-skip-tls-verify is not read: its certificate is checked all the same',
      at: [...locateProvider(profile, provider.name), 'cluster', 'insecure-skip-tls-verify'],
      hint: 'write its CA into certificate-authority-data',
    },
  ];
};

const checkProxy: ConsumerCheck = (profile, { providers }) => {
  const provider = findUsedProvider(profile, providers);
  if (!provider || provider.cluster?.['proxy-url']) return noConcern;
  const message = 'it is reached directly: HTTPS_PROXY is not read, only proxy-url is';
  return [{ severity: 'info', message, at: [...locateProvider(profile, provider.name), 'cluster'] }];
};

const order: ConsumerCheck = (profile, { providers = [] }) => {
  const own = new Set(accessProvidersOf(profile).map(({ name }) => name));
  const [used, ...others] = providers.map(({ name }) => name).filter((name) => own.has(name));
  if (used === undefined || others.length === 0) return noConcern;
  const message = `access provider ${used} is used, not ${others.join(' or ')}: the order of the provider file decides`;
  return [{ severity: 'info', message, at: locateProvider(profile, used) }];
};

/** For everybody who connects by a provider file: a profile that it has no entry for. */
export const checkUnmatched: ConsumerCheck = (profile, { providers }) => {
  if (!providers || matchProvider(profile, providers)) return noConcern;
  const names = accessProvidersOf(profile).map(({ name }) => name);
  if (names.length === 0) return noConcern;
  const message = `the provider file has no entry for ${names.join(' or ')}: it is listed, and cannot be connected to`;
  return [{ severity: 'warning', message, at: locateProvider(profile, names[0]) }];
};

const checkPolicies: ConsumerCheck = (profile, { providers }) => {
  const match = matchProvider(profile, providers ?? []);
  const provider = findUsedProvider(profile, providers);
  const ignored = match ? listIgnored(match) : provider ? listAdditions(provider) : [];
  const older: Concern[] = (match ? listOlderNames(match) : []).map((what) => ({
    severity: 'warning',
    message: `its ${what} are ignored without a word: they have an older name of the extension`,
    at: [...locateProvider(profile, provider?.name), 'cluster', 'extensions'],
  }));
  const left: Concern[] = ignored.map((what) => ({
    severity: 'warning',
    message: `its ${what} are ignored without a word, unless the provider file has a policy for ${provider?.name}`,
    at: [...locateProvider(profile, provider?.name), 'cluster', 'extensions'],
    hint:
      what === 'additional-args'
        ? 'profileSourcedCLIArgsPolicy: Append'
        : 'profileSourcedEnvVarsPolicy: AppendIfNotExists or Replace',
  }));
  return [...left, ...older];
};

const checkLongName: ConsumerCheck = ({ metadata: { name } }) =>
  name.length > nameLimit
    ? [
        {
          severity: 'warning',
          message: `its name has ${name.length} characters, and labels and names made of it end at ${nameLimit}`,
          at: ['metadata', 'name'],
        },
      ]
    : noConcern;

/** Profiles by the member they stand for, in their namespace. Once for a list, not once for each of its profiles. */
const groupByMember = memoise((profiles: readonly ClusterProfile[]) => groupBy(profiles, identifyMember));

const findSharing = (profile: ClusterProfile, { profiles }: CheckContext): readonly ClusterProfile[] =>
  groupByMember(profiles).get(identifyMember(profile) ?? '') ?? [];

const readCreationTime = ({ metadata }: ClusterProfile): string => metadata.creationTimestamp ?? '';

/** For every consumer: of several profiles for one member, the oldest is acted on; of several oldest, none is. */
export const checkDuplicate: ConsumerCheck = (profile, context) => {
  const others = findSharing(profile, context).filter((each) => each !== profile);
  if (others.length === 0) return noConcern;
  const older = others.find((each) => readCreationTime(each) < readCreationTime(profile));
  const tied = others.find((each) => readCreationTime(each) === readCreationTime(profile));
  const unborn = findSharing(profile, context).find((each) => readCreationTime(each) === '');
  const message = unborn
    ? `${nameOf(others[0] as ClusterProfile)} has the same member id: the older one on the hub is acted on, none if they are as old, and an export leaves out both`
    : older
      ? `not acted on: ${nameOf(older)} has the same member id and is older`
      : tied && `not acted on: ${nameOf(tied)} has the same member id and is as old, so neither is`;
  return message ? [{ severity: 'warning', message, at: ['metadata', 'labels', keys.memberIdLabel] }] : noConcern;
};

/** For consumers that leave clusters alone of which nobody says that they are healthy. */
export const checkHealthy: ConsumerCheck = (profile) => {
  const status = conditionOf(profile, 'ControlPlaneHealthy')?.status;
  if (status === 'True') return noConcern;
  const remedy = status === undefined ? ' (import … --probe asks the server)' : '';
  const message = `not acted on: ControlPlaneHealthy is ${status ?? 'missing'}, and has to be True${remedy}`;
  return [{ severity: 'warning', message, at: ['status', 'conditions'] }];
};

/** For everybody who connects by pkg/access. */
export const accessChecks: readonly ConsumerCheck[] = [order, checkProxy];

/** And for those who take its provider file as it is, with its policies. */
export const readerChecks: readonly ConsumerCheck[] = [checkUnmatched, ...accessChecks, checkPolicies, checkLongName];
