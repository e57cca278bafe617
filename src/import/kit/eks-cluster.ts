// An EKS cluster as a Cluster, from whatever tells of it: the EKS API, ACK or Crossplane. Pure, no request is made here.
// https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html
import { byText } from '../../util/text.ts';
import { missFact, type ImportContext } from './importer.ts';
import { option } from '../../options.ts';
import {
  domain,
  keys,
  type Cluster,
  type Extension,
  type ReportedCondition,
  type UnknownFacts,
} from '../../profile/clusterprofile.ts';
import { buildCondition, toUtcSeconds } from './conditions.ts';
import { toSmallLetters } from './facts.ts';
import { buildAccessProvider } from '../../profile/endpoint.ts';
import { addLeadingV } from '../../profile/kubernetes-version.ts';
import { hashText } from '../../profile/names.ts';

/** What is known of a cluster. */
export interface EksFacts {
  name: string;
  arn?: string | undefined;
  region?: string | undefined;
  account?: string | undefined;
  status?: string | undefined;
  issues?: readonly Issue[] | undefined;
  /** RFC 3339, or seconds since 1970. */
  created?: string | number | undefined;
  version?: string | undefined;
  /** The version that was asked for, where nobody says which one runs. */
  desiredVersion?: string | undefined;
  platformVersion?: string | undefined;
  endpoint?: string | undefined;
  caData?: string | undefined;
  /** False for a server that is reached from its VPC only. */
  publicEndpoint?: boolean | undefined;
  vpc?: string | undefined;
  /** The provider of a cluster that runs elsewhere and is registered through the EKS Connector. */
  connected?: string | undefined;
  /** The id of a local cluster on an Outpost, which its credentials are made for in the place of its name. */
  outpostId?: string | undefined;
}

export interface Issue {
  code: string;
  message: string;
}

/** The parts of an ARN, in any partition: aws, aws-cn, aws-us-gov. */
export function parseArn(arn: string | undefined): { region?: string; account?: string; name?: string } {
  const [, region, account, name] = /^arn:aws[\w-]*:eks:([a-z0-9-]+):(\d{12}):cluster\/(.+)$/.exec(arn ?? '') ?? [];
  return region && account && name ? { region, account, name } : {};
}

const toPascalCase = (status: string): string => `${status.charAt(0)}${toSmallLetters(status).slice(1)}`;

/** When it was created: the API and Terraform write seconds, the command line a time. What is neither stays as it is. */
function readEksCreation({ created }: EksFacts): string | undefined {
  const seconds = typeof created === 'string' && !/^[\d.]+$/.test(created) ? Number.NaN : Number(created ?? Number.NaN);
  if (Number.isNaN(seconds)) return typeof created === 'string' ? created : undefined;
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(created) : toUtcSeconds(date.toISOString());
}

/** Issues that are about the control plane itself; the others keep it from being changed, but it serves. */
const outages = new Set([
  'ClusterUnreachable',
  'InternalFailure',
  'KmsGrantRevoked',
  'KmsKeyDisabled',
  'KmsKeyMarkedForDeletion',
  'KmsKeyNotFound',
]);

const isUp = (status: string | undefined): boolean => status === 'ACTIVE' || status === 'UPDATING';

/** What is on its way, or broken; any other status is one of a later API. */
const notJoined = new Set(['CREATING', 'DELETING', 'FAILED', 'PENDING']);

const joinIssues = (issues: readonly Issue[]): string =>
  issues.map(({ code, message }) => [code, message].filter(Boolean).join(': ')).join('; ');

function readEksHealth(facts: EksFacts): ReportedCondition {
  const type = 'ControlPlaneHealthy';
  const { status } = facts;
  const time = readEksCreation(facts);
  const issues = (facts.issues ?? []).toSorted((a, b) => byText(a.code, b.code));
  if (!status) return buildCondition(type, 'Unknown', 'NotReported', { time });
  if (status === 'FAILED') return buildCondition(type, 'False', 'Failed', { time, message: joinIssues(issues) });
  if (!isUp(status)) return buildCondition(type, 'Unknown', toPascalCase(status), { time });
  const stopped = issues.filter(({ code }) => outages.has(code));
  if (stopped[0]) return buildCondition(type, 'False', stopped[0].code, { time, message: joinIssues(stopped) });
  // One reason for both states, and no text that counts something, or the profile would change all the time.
  const message = [...new Set(issues.map(({ code }) => code))].join(', ');
  return buildCondition(type, 'True', 'Active', { time, message });
}

function readEksJoined(facts: EksFacts): ReportedCondition {
  const { status } = facts;
  const time = readEksCreation(facts);
  if (!status) return buildCondition('Joined', 'Unknown', 'NotReported', { time });
  if (isUp(status)) return buildCondition('Joined', 'True', 'Joined', { time });
  return buildCondition('Joined', notJoined.has(status) ? 'False' : 'Unknown', toPascalCase(status), { time });
}

/** Words of the EKS Connector such as `EKS_ANYWHERE`. */
const nameEksProvider = ({ connected }: EksFacts): string =>
  connected === undefined ? 'eks' : `eks-connector/${toSmallLetters(connected).replaceAll('_', '-') || 'other'}`;

/** What a plugin for EKS tokens needs to know of one cluster, as labthrust/clusterprofile-credentials-plugins reads it. */
function buildEksExtensions({ name, outpostId }: EksFacts, region: string | undefined): Extension[] {
  return [{ name: keys.execExtension, extension: { ...(region && { region }), clusterId: outpostId ?? name } }];
}

function buildEksAccess(facts: EksFacts, region: string | undefined, context: EksContext): Cluster['access'] {
  const { options, warn } = context;
  const { endpoint: server, caData } = facts;
  const given = [...new Set(options.accessProvider)];
  const names = given.length > 0 ? given : ['eks'];
  if (server && facts.publicEndpoint === false) warn('its server is reached from its VPC only');
  const extensions = buildEksExtensions(facts, region);
  return names.map((name) => buildAccessProvider(name, { server, caData, extensions }, context));
}

/** What the answer about a running cluster always has: without it, it was cut. One of the EKS Connector has none of it. */
function unknownOfEks({ status, connected, ...facts }: EksFacts, context: EksContext): UnknownFacts[] {
  if (!isUp(status) || connected !== undefined) return [];
  return [
    ...(facts.endpoint ? [] : [missFact('endpoint', { access: true }, context)]),
    ...(facts.caData ? [] : [missFact('certificate authority', { access: ['certificate-authority-data'] }, context)]),
    ...(facts.version || facts.desiredVersion ? [] : [missFact('version', { version: true }, context)]),
  ];
}

/** `--access-provider`, of every system whose clusters are EKS clusters. */
export const accessProviderOption = option.texts(
  '--access-provider <name>',
  'name of the access provider, repeatable (default: eks)',
);

type EksContext = ImportContext<{ accessProvider: typeof accessProviderOption }>;

/** Everything of a Cluster but its labels and where it stands in its source. */
export function buildEksCluster(facts: EksFacts, identity: string, context: EksContext): Cluster {
  const { arn, name } = facts;
  const parts = parseArn(arn);
  const region = facts.region ?? parts.region;
  const version = facts.version ?? facts.desiredVersion;
  return {
    name,
    identity,
    // An ARN is no label value. Whoever tells of the cluster, it is the same member.
    memberId: arn && hashText(arn, 16),
    version: addLeadingV(version),
    properties: {
      [keys.locationProperty]: region,
      [keys.regionProperty]: region,
      [`account.${domain}`]: facts.account ?? parts.account,
      [`arn.${domain}`]: arn,
      [`platform-version.${domain}`]: facts.platformVersion,
      [`private-endpoint.${domain}`]: facts.publicEndpoint === false ? 'true' : undefined,
      [`provider.${domain}`]: nameEksProvider(facts),
      [keys.versionSourceProperty]: !facts.version && facts.desiredVersion ? 'desired' : undefined,
      [`vpc.${domain}`]: facts.vpc,
    },
    conditions: [readEksJoined(facts), readEksHealth(facts)],
    access: buildEksAccess(facts, region, context),
    unknown: unknownOfEks(facts, context),
  };
}
