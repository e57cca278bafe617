// https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
import { option } from '../../options.ts';
import { resolve } from 'node:path';
import { byText } from '../../util/text.ts';
import type { ExecPlugin } from '../../access/provider.ts';
import { allowHostOption } from '../../export/kit/cloud-hosts.ts';
import type { ExportContext, Exporter } from '../../export/kit/exporter.ts';
import { nameOf, type ClusterProfile, type Extension } from '../../profile/clusterprofile.ts';
import { refusal, usageError } from '../../errors.ts';
import { kubeconfigDrops, profileDrops } from '../../export/kit/exported.ts';
import { buildKubeconfig, markOf, type KubeconfigEntry } from '../../access/kubeconfig-file.ts';

const flags = {
  merge: option.text('--merge <file>', 'write the entries into a kubeconfig in place, beside those of others', {
    settable: 'never',
  }),
  exec: option.choice(
    '--exec <how>',
    'plugin: as the provider file says (default); self: this program runs the plugin at each login',
    ['plugin', 'self'],
    { settable: 'personal' },
  ),
  allowHost: allowHostOption,
  execCommand: option.text('--exec-command <command>', 'with --exec self: this program (default: clusterprofile)', {
    settable: 'personal',
  }),
  currentContext: option.text('--current-context <name>', 'the context to start with (default: none)', {
    settable: 'personal',
  }),
  keepExtensions: option.flag(
    '--keep-extensions',
    'extensions that only their writer knows, besides the one for plugins',
  ),
};

type Context = ExportContext<typeof flags>;

/** Plugins that read a Secret on the hub, which they find by KUBECONFIG outside of it. */
const readsHub = /(^|\/)((kubeconfig-)?secretreader-plugin|cp-creds|argocd-agent-creds)$/;

/**
 * A plugin that asks the hub, told where that is: with the new kubeconfig in force it would take the cluster for the hub,
 * and start itself to log in there.
 */
function leadToHub(plugin: ExecPlugin, profile: ClusterProfile, context: Context): ExecPlugin {
  if (!readsHub.test(plugin.command) || plugin.env.some(({ name }) => name === 'KUBECONFIG')) return plugin;
  const { hub, options } = context;
  if (hub === undefined) {
    context.warn(
      `its plugin reads a Secret on the hub, so it needs a Pod there or a KUBECONFIG that leads there (--exec self sees to it)`,
      profile,
    );
    return plugin;
  }
  if (options.merge !== undefined && resolve(options.merge) === hub)
    throw refusal(
      `its plugin finds the hub by the current context of ${options.merge}, and would start itself where that is this cluster`,
      '--exec self, which keeps the context of the hub',
    );
  return {
    ...plugin,
    env: [...plugin.env, { name: 'KUBECONFIG', value: hub }].toSorted((a, b) => byText(a.name, b.name)),
  };
}

const exporter: Exporter<KubeconfigEntry, typeof flags> = {
  fileName: 'kubeconfig',
  options: flags,
  drops: ({ keepExtensions }) => (keepExtensions ? profileDrops : kubeconfigDrops),
  translate(profile, context) {
    const { cluster, plugin } = context.exec(profile);
    const self = context.options.exec === 'self';
    return {
      name: context.uniqueName(profile),
      origin: nameOf(profile),
      cluster,
      login: { plugin: self ? context.self(profile) : leadToHub(plugin, profile, context) },
    };
  },
  combine(entries, { options, instance }) {
    const current = options.currentContext;
    if (current && !entries.some(({ name }) => name === current))
      throw usageError(`--current-context ${JSON.stringify(current)} is none of the exported clusters`);
    const merging = options.merge !== undefined;
    const mark = merging ? (origin: string): Extension => markOf(origin, instance) : undefined;
    return [buildKubeconfig(entries, current, mark)];
  },
  mergesInto: ({ merge }) => merge,
};

export default exporter;
