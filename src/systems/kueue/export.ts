// https://kueue.sigs.k8s.io/docs/reference/kueue.v1beta2/#multikueuecluster
import { option } from '../../options.ts';
import type { ExportContext, Exporter } from '../../export/kit/exporter.ts';
import { execConfig, findUsedProvider } from '../../access/provider.ts';
import { keys, tool, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { refusal, usageError } from '../../errors.ts';
import { type KubernetesObject } from '../../object.ts';
import { buildMetadata } from '../../export/kit/exported.ts';
import { assertPublic } from '../../export/kit/provider-file.ts';
import {
  accessChecks,
  checkUnmatched,
  droppedByReaders,
  findMissingAccess,
  findWrongServer,
} from '../../export/kit/reader-checks.ts';
import { findUntrustedServer } from './server.ts';
import { kueueSecretNamespace, kueueVersions, multiKueueCluster, config } from './format.ts';

const flags = {
  kueueNamespace: option.text('--kueue-namespace <namespace>', 'where Kueue runs and reads profiles', {
    default: kueueSecretNamespace,
  }),
  configName: option.text('--config-name <name>', 'name of the MultiKueueConfig', { default: 'all-profiles' }),
  config: option.flag('--no-config', 'MultiKueueClusters only, without a MultiKueueConfig'),
  managerConfig: option.flag(
    '--manager-config',
    "the part of Kueue's own configuration instead: feature gate and access providers",
  ),
  kueueApi: option.choice('--kueue-api <version>', 'v1beta2 (Kueue 0.15 and later)', kueueVersions, {
    default: 'v1beta2',
  }),
};
type Context = ExportContext<typeof flags>;

/** The most clusters of one MultiKueueConfig. */
const configLimit = 20;

/** The part of the manager's configuration that lets Kueue follow references to ClusterProfiles. */
const buildManagerConfig = ({ providers }: Context): object => ({
  apiVersion: 'config.kueue.x-k8s.io/v1beta2',
  kind: 'Configuration',
  featureGates: { MultiKueueClusterProfile: true },
  multiKueue: {
    clusterProfile: {
      accessProviders: providers.map(({ name, exec }) => ({
        name,
        execConfig: execConfig({ ...exec, installHint: undefined, interactiveMode: undefined }),
      })),
    },
  },
});

/** With `--manager-config` a profile gives no object of its own. */
const noObject = 'configured in the manager';

/** What Kueue makes of the reference: it validates the server, and waits for what is not there yet. */
function assertUsable(profile: ClusterProfile, { providers, warn }: Context): void {
  const missing = findMissingAccess(profile, providers);
  if (missing !== undefined) warn(`${missing}, and Kueue cannot connect before it is there`, profile);
  const wrong = findWrongServer(profile, providers);
  if (wrong !== undefined)
    throw refusal(`${wrong}, and Kueue takes nothing else`, 'write it like https://203.0.113.7:6443');
  const server = findUsedProvider(profile, providers)?.cluster?.server;
  const untrusted = server ? findUntrustedServer(server) : undefined;
  if (untrusted) throw refusal(untrusted.message, untrusted.hint);
}

const exporter: Exporter<KubernetesObject | typeof noObject, typeof flags> = {
  exampleFlags: '-n kueue-system',
  kinds: [multiKueueCluster, config],
  options: flags,
  drops: () => [...droppedByReaders, 'additional-args', 'additional-envs'],
  checks: accessChecks,
  cautions: [checkUnmatched],
  translate(profile, context) {
    const { options, warn } = context;
    const version = options.kueueApi ?? '';
    if (version === 'v1beta1')
      throw refusal(
        'a MultiKueueCluster of v1beta1 cannot refer to a ClusterProfile (spec.clusterProfileRef has no effect there)',
        '--kueue-api v1beta2, with Kueue 0.15 or later',
      );
    assertUsable(profile, context);
    if (options.managerConfig) return noObject;
    const { name, namespace } = profile.metadata;
    const home = options.kueueNamespace;
    if (namespace !== home)
      warn(`Kueue reads profiles of its own namespace only, there has to be one in ${home}`, profile);
    return {
      apiVersion: `${multiKueueCluster.group}/${version}`,
      kind: multiKueueCluster.kind,
      metadata: buildMetadata(profile, name),
      spec: { clusterSource: { clusterProfileRef: { name } } },
    };
  },
  combine(parts, context) {
    const { options } = context;
    if (options.managerConfig) {
      if (context.providers.length === 0) throw usageError('--manager-config needs a --provider-file');
      context.providers.forEach(assertPublic);
      return [buildManagerConfig(context)];
    }
    const clusters = parts.filter((part) => part !== noObject);
    const names = clusters.map(({ metadata }) => metadata.name);
    if (!options.config) return [...clusters];
    if (names.length > configLimit)
      throw refusal(
        `a MultiKueueConfig takes ${configLimit} clusters, and these are ${names.length}`,
        'choose fewer with filters, once for each --config-name, or write none with --no-config',
      );
    const metadata = { name: options.configName, labels: { [keys.managedByLabel]: tool } };
    const [{ apiVersion }] = clusters as [KubernetesObject];
    return [...clusters, { apiVersion, kind: config.kind, metadata, spec: { clusters: names } }];
  },
};

export default exporter;
