// https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
import type { Exporter } from '../../export/kit/exporter.ts';
import { nameOf, type Extension } from '../../profile/clusterprofile.ts';
import { usageError } from '../../errors.ts';
import { kubeconfigDrops } from '../../export/kit/exported.ts';
import { text } from '../../object.ts';
import { kubeconfigFile, markOf, type KubeconfigEntry, type KubeconfigFile } from '../../access/kubeconfig-file.ts';

const exporter: Exporter<KubeconfigEntry> = {
  fileName: 'kubeconfig',
  options: [
    { flags: '--merge <file>', description: 'write the entries into a kubeconfig in place, beside those of others' },
    {
      flags: '--exec <how>',
      description: 'plugin: as the provider file says (default); self: this program runs the plugin at each login',
      choices: ['plugin', 'self'],
    },
    { flags: '--exec-command <path>', description: 'with --exec self: this program (default: clusterprofile)' },
    { flags: '--current-context <name>', description: 'the context to start with (default: none)' },
    { flags: '--keep-extensions', description: 'extensions that only their writer knows, besides the one for plugins' },
  ],
  drops: kubeconfigDrops,
  translate(profile, context) {
    const { cluster, plugin } = context.exec(profile);
    const self = text(context.options, 'exec') === 'self';
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
  combine(entries, { options }) {
    const current = text(options, 'currentContext');
    if (current && !entries.some(({ name }) => name === current))
      throw usageError(`--current-context ${JSON.stringify(current)} is none of the exported clusters`);
    const merging = text(options, 'merge') !== undefined;
    const mark = merging ? (origin: string): Extension => markOf(origin, text(options, 'instance')) : undefined;
    return [kubeconfigFile(entries, current, mark)];
  },
  async save([config = kubeconfigFile([])], { options }, saving) {
    const file = text(options, 'merge');
    if (file === undefined) return undefined;
    return (await import('./merge.ts')).mergeInto(file, config as KubeconfigFile, saving);
  },
};

export default exporter;
