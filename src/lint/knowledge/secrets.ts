import { withProperties, withProvider, type Knowledge } from './example.ts';

const source = 'KEP-4322: a ClusterProfile holds no credential, since many may read it';
const good = withProperties(['site.example.com', 'a']);

export const secretKnowledge: Knowledge = {
  CP110: {
    why: 'Whoever may read the inventory would have the credential. Take it out, and replace it: it is known now.',
    source,
    bad: withProperties(['site.example.com', '<a private key>']),
    good,
  },
  CP111: {
    why: 'The name says that the value is a credential, even where the value does not look like one.',
    source,
    bad: withProperties(['password', 'a']),
    good,
  },
  CP112: {
    why: 'An access provider is the cluster of a kubeconfig; its user comes from a plugin of the consumer.',
    source: 'KEP-4322 and KEP-5339, access providers',
    bad: withProvider({ token: 'a' }),
    good: withProvider({}),
  },
  CP113: {
    why: 'kubectl apply keeps a copy of what was applied, with the credential that the object itself has lost since.',
    source: 'kubectl, last-applied-configuration',
    bad: {
      metadata: {
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration':
            '{"status":{"accessProviders":[{"name":"google","cluster":{"token":"a-long-token-of-somebody"}}]}}',
        },
      },
    },
    good: { metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"spec":{}}' } } },
  },
};
