import { withProvider, type Knowledge } from './example.ts';

const named = (...names: readonly string[]): object => ({
  status: { accessProviders: names.map((name) => ({ name, cluster: { server: 'https://tokyo.example.com:6443' } })) },
});
const withServer = (server: string): object => withProvider({ server });
const certificates = '<base64 of a PEM certificate>';
const withCa = (data: string): object => withProvider({ 'certificate-authority-data': data });
const nextVersion = 'cluster-inventory-api v1alpha2, validation of access providers';

export const accessKnowledge: Knowledge = {
  CP080: {
    why: 'The list is a map by name; the API server refuses a name that is there twice.',
    source: 'CRD of ClusterProfile, x-kubernetes-list-map-keys',
    bad: named('google', 'google'),
    good: named('google', 'secretreader'),
  },
  CP081: {
    why: 'Consumers find their plugin by this name. v1alpha2 takes 1 to 253 characters.',
    source: nextVersion,
    bad: named(''),
    good: named('google'),
  },
  CP082: {
    why: 'Without a server there is nothing to connect to.',
    source: `CRD of ClusterProfile; ${nextVersion}`,
    bad: withServer(''),
    good: withServer('https://tokyo.example.com:6443'),
  },
  CP083: {
    why: 'client-go connects to an absolute URL; a host alone is read in different ways.',
    source: nextVersion,
    bad: withServer('tokyo.example.com:6443'),
    good: withServer('https://tokyo.example.com:6443'),
  },
  CP084: {
    why: 'Over plain http the token of the consumer is read by every host in between.',
    source: 'KEP-4322, security considerations',
    bad: withServer('http://tokyo.example.com:8080'),
    good: withServer('https://tokyo.example.com:6443'),
  },
  CP085: {
    why: 'The address means another machine, or none, for each consumer: that of kind or minikube is a tunnel on the machine where it was read.',
    source: 'client-go connects from where the consumer runs',
    bad: withServer('https://127.0.0.1:6443'),
    good: withServer('https://tokyo.example.com:6443'),
  },
  CP086: {
    why: 'Many may read a profile, and URLs end up in logs.',
    source: 'KEP-4322: a ClusterProfile holds no credential',
    bad: withServer('https://admin:letmein@tokyo.example.com:6443'),
    good: withServer('https://tokyo.example.com:6443'),
  },
  CP087: {
    why: 'The path is one on a machine that nobody knows. v1alpha2 refuses the field.',
    source: nextVersion,
    bad: withProvider({ 'certificate-authority': '/etc/kubernetes/pki/ca.crt' }),
    good: withCa(certificates),
  },
  CP088: {
    why: 'client-go refuses the connection, or trusts no certificate at all.',
    source: 'CRD of ClusterProfile, format byte; client-go, rest.TLSConfig',
    bad: withCa('bm8gY2VydGlmaWNhdGU='),
    good: withCa(certificates),
  },
  CP089: {
    why: 'With the key of a CA anybody can be that cluster, and every user of it. Replace the CA.',
    source: 'KEP-4322: a ClusterProfile holds no credential',
    bad: withCa('<base64 of a PEM certificate and its private key>'),
    good: withCa(certificates),
  },
  CP090: {
    why: 'From that day on no consumer can connect.',
    source: 'client-go checks the chain of the server certificate',
    bad: withCa('<base64 of a PEM certificate that has expired>'),
    good: withCa(certificates),
  },
  CP091: {
    why: 'Nobody checks who answers, so that any host in between takes the token. Beside CA data client-go refuses both.',
    source: 'KEP-4322, security considerations; client-go, rest.TLSConfigFor',
    bad: withProvider({ 'insecure-skip-tls-verify': true }),
    good: withCa(certificates),
  },
  CP092: {
    why: 'Consumers that were built with an earlier pkg/access connect without it, and fail.',
    source: 'cluster-inventory-api up to v0.1.3, pkg/access, BuildConfigFromCP',
    bad: withProvider({ 'tls-server-name': 'tokyo' }),
    good: withProvider({}),
  },
  CP093: {
    why: 'client-go takes no other kind of proxy.',
    source: nextVersion,
    bad: withProvider({ 'proxy-url': 'ftp://proxy.example.com' }),
    good: withProvider({ 'proxy-url': 'https://proxy.example.com' }),
  },
  CP094: {
    why: 'v1alpha2 takes 64.',
    source: nextVersion,
    bad: named(...Array.from({ length: 65 }, (_, index) => `provider-${index}`)),
    good: named('google'),
  },
  CP103: {
    why: 'It is the earlier name of accessProviders. v1alpha2 does not have it, and consumers of v0.2.0 do not read it.',
    source: 'CRD of ClusterProfile; cluster-inventory-api, release v0.2.0',
    bad: {
      status: {
        credentialProviders: [{ name: 'secretreader', cluster: { server: 'https://tokyo.example.com:6443' } }],
      },
    },
    good: named('secretreader'),
  },
  CP104: {
    why: 'Consumers can list the cluster, and not connect to it.',
    source: 'KEP-4322 and KEP-5339, access providers',
    bad: { status: { accessProviders: [] } },
    good: named('google'),
  },
  CP105: {
    why: 'Credential plugins get it in KUBERNETES_EXEC_INFO; Linux takes 128 KiB for one variable.',
    source: 'KEP-4322, exec protocol; KEP-541',
    bad: withProvider({
      extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { notes: '<40000 characters>' } }],
    }),
    good: withProvider({
      extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { clusterName: 'tokyo' } }],
    }),
  },
};
