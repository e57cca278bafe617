// https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
import { option } from '../../options.ts';
import type { Exporter } from '../../export/kit/exporter.ts';
import { nameOf, type Extension } from '../../profile/clusterprofile.ts';
import { usageError } from '../../errors.ts';
import { kubeconfigDrops, profileDrops } from '../../export/kit/exported.ts';
import { buildKubeconfig, markOf, type KubeconfigEntry } from '../../access/kubeconfig-file.ts';

const flags = {
  merge: option.text('--merge <file>', 'write the entries into a kubeconfig in place, beside those of others'),
  exec: option.choice(
    '--exec <how>',
    'plugin: as the provider file says (default); self: this program runs the plugin at each login',
    ['plugin', 'self'],
  ),
  execCommand: option.text('--exec-command <path>', 'with --exec self: this program (default: clusterprofile)'),
  currentContext: option.text('--current-context <name>', 'the context to start with (default: none)'),
  keepExtensions: option.flag(
    '--keep-extensions',
    'extensions that only their writer knows, besides the one for plugins',
  ),
};

const exporter: Exporter<KubeconfigEntry, typeof flags> = {
  fileName: 'kubeconfig',
  options: flags,
  drops: ({ keepExtensions }) => (keepExtensions ? profileDrops : kubeconfigDrops),
  translate(profile, context) {
    const { cluster, plugin } = context.exec(profile);
    const self = context.options.exec === 'self';
    if (!self && /(^|\/)(kubeconfig-)?secretreader-plugin$/.test(plugin.command))
      context.warn(
        `its plugin reads a Secret on the hub, so it needs a Pod there or a KUBECONFIG that leads there (--exec self sees to it)`,
        profile,
      );
    return {
      name: context.uniqueName(profile),
      origin: nameOf(profile),
      cluster,
      login: { plugin: self ? context.self(profile) : plugin },
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
