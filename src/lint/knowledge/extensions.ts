import { withExtension, withProvider, type Knowledge } from './example.ts';

const exec = 'client.authentication.k8s.io/exec';
const reserved = 'clusterprofiles.multicluster.x-k8s.io/exec';
const twice = (second: string): object =>
  withProvider({
    extensions: [
      { name: exec, extension: { clusterName: 'tokyo' } },
      { name: second, extension: { project: 'shop' } },
    ],
  });

export const extensionKnowledge: Knowledge = {
  CP095: {
    why: 'The CRD stores both, and client-go then fails on the profile.',
    source: 'client-go, tools/clientcmd/api/v1, conversion of extensions',
    bad: twice(exec),
    good: twice('example.com/gateway'),
  },
  CP096: {
    why: 'The CRD takes objects only. The list of KEP-4322 for additional-args cannot be stored.',
    source: 'CRD of ClusterProfile, extensions',
    bad: withExtension(`${reserved}/additional-args`, ['--audience=tokyo']),
    good: withExtension(`${reserved}/additional-envs`, { AUDIENCE: 'tokyo' }),
  },
  CP097: {
    why: 'They become environment variables of the plugin: a name and a text each.',
    source: 'KEP-4322, additional-envs; cluster-inventory-api, pkg/access',
    bad: withExtension(`${reserved}/additional-envs`, { 'my-audience': 'tokyo' }),
    good: withExtension(`${reserved}/additional-envs`, { AUDIENCE: 'tokyo' }),
  },
  CP098: {
    why: 'Such a variable loads code into the plugin, or sends its traffic elsewhere: whoever writes profiles would run programs at the consumer.',
    source: 'KEP-4322, security considerations',
    bad: withExtension(`${reserved}/additional-envs`, { LD_PRELOAD: '/tmp/a.so' }),
    good: withExtension(`${reserved}/additional-envs`, { AUDIENCE: 'tokyo' }),
  },
  CP099: {
    why: 'Consumers ignore it, unless their provider file has a policy that allows it.',
    source: 'KEP-4322, additional-envs and additional-args',
    bad: withExtension(`${reserved}/additional-envs`, { AUDIENCE: 'tokyo' }),
    good: withExtension(exec, { clusterName: 'tokyo' }),
  },
  CP100: {
    why: 'The prefix is reserved, and nothing reads this name. It is most likely misspelt.',
    source: 'KEP-4322, reserved extensions',
    bad: withExtension(`${reserved}/additional-env`, {}),
    good: withExtension(exec, { clusterName: 'tokyo' }),
  },
  CP101: {
    why: 'The plugin finds the Secret with the token by this name.',
    source: 'cluster-inventory-api, secretreader plugin',
    bad: withProvider({}, 'secretreader'),
    good: withExtension(exec, { clusterName: 'tokyo' }, 'secretreader'),
  },
  CP102: {
    why: 'The plugin finds the Secret with the kubeconfig, and the key in it, by these.',
    source: 'cluster-inventory-api, kubeconfig-secretreader plugin',
    bad: withProvider({}, 'kubeconfig-secretreader'),
    good: withExtension(exec, { name: 'tokyo', key: 'kubeconfig' }, 'kubeconfig-secretreader'),
  },
  CP106: {
    why: 'Go keeps 64 bits and JSON has no limit, but whoever reads numbers as doubles, as this program does, would write other digits back.',
    source: 'RFC 8259, section 6; apimachinery, conversion of unstructured numbers',
    bad: withExtension('example.com/gateway', { serial: 2 ** 53 }),
    good: withExtension('example.com/gateway', { serial: '9007199254740992' }),
  },
};
