// https://kueue.sigs.k8s.io/docs/reference/kueue.v1beta2/#multikueuecluster
import type { ExportContext, Exporter } from '../../export/kit/exporter.ts';
import { execConfig } from '../../access/provider.ts';
import { keys, tool, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { refusal, usageError } from '../../errors.ts';
import { flag, text, type KubernetesObject } from '../../object.ts';
import { exported } from '../../export/kit/exported.ts';
import { assertPublic } from '../../export/kit/provider-file.ts';
import { accessChecks, droppedByReaders, missingAccess, wrongServer } from '../../export/kit/reader-checks.ts';
import { secretNamespace, versions, cluster, config } from './format.ts';

/** The most clusters of one MultiKueueConfig. */
const configLimit = 20;

/** The part of the manager's configuration that lets Kueue follow references to ClusterProfiles. */
const managerConfig = ({ providers }: ExportContext): object => ({
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
function assertUsable(profile: ClusterProfile, { providers, warn }: ExportContext): void {
  const missing = missingAccess(profile, providers);
  if (missing !== undefined) warn(`${missing}, and Kueue cannot connect before it is there`, profile);
  const wrong = wrongServer(profile, providers);
  if (wrong !== undefined)
    throw refusal(`${wrong}, and Kueue takes nothing else`, 'write it like https://203.0.113.7:6443');
}

const exporter: Exporter<KubernetesObject | typeof noObject> = {
  exampleFlags: '-n kueue-system',
  kinds: [cluster, config],
  options: [
    {
      flags: '--kueue-namespace <namespace>',
      description: 'where Kueue runs and reads profiles',
      default: secretNamespace,
    },
    { flags: '--config-name <name>', description: 'name of the MultiKueueConfig', default: 'all-profiles' },
    { flags: '--no-config', description: 'MultiKueueClusters only, without a MultiKueueConfig' },
    {
      flags: '--manager-config',
      description: "the part of Kueue's own configuration instead: feature gate and access providers",
    },
    {
      flags: '--kueue-api <version>',
      description: 'v1beta2 (Kueue 0.15 and later)',
      choices: versions,
      default: 'v1beta2',
    },
  ],
  drops: [...droppedByReaders, 'additional-args', 'additional-envs'],
  checks: accessChecks,
  translate(profile, context) {
    const { options, warn } = context;
    const version = text(options, 'kueueApi') ?? '';
    if (version === 'v1beta1')
      throw refusal(
        'a MultiKueueCluster of v1beta1 cannot refer to a ClusterProfile (spec.clusterProfileRef has no effect there)',
        '--kueue-api v1beta2, with Kueue 0.15 or later',
      );
    assertUsable(profile, context);
    if (flag(options, 'managerConfig')) return noObject;
    const { name, namespace } = profile.metadata;
    const home = text(options, 'kueueNamespace');
    if (namespace !== home)
      warn(`Kueue reads profiles of its own namespace only, there has to be one in ${home}`, profile);
    return {
      apiVersion: `${cluster.group}/${version}`,
      kind: cluster.kind,
      metadata: exported(profile, name),
      spec: { clusterSource: { clusterProfileRef: { name } } },
    };
  },
  combine(parts, context) {
    const { options } = context;
    if (flag(options, 'managerConfig')) {
      if (context.providers.length === 0) throw usageError('--manager-config needs a --provider-file');
      context.providers.forEach(assertPublic);
      return [managerConfig(context)];
    }
    const clusters = parts.filter((part) => part !== noObject);
    const names = clusters.map(({ metadata }) => metadata.name);
    if (flag(options, 'config') === false) return [...clusters];
    if (names.length > configLimit)
      throw refusal(
        `a MultiKueueConfig takes ${configLimit} clusters, and these are ${names.length}`,
        'choose fewer with filters, once for each --config-name, or write none with --no-config',
      );
    const metadata = { name: text(options, 'configName'), labels: { [keys.managedByLabel]: tool } };
    const [{ apiVersion }] = clusters as [KubernetesObject];
    return [...clusters, { apiVersion, kind: config.kind, metadata, spec: { clusters: names } }];
  },
};

export default exporter;
