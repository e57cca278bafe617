import { withProvider, type Knowledge } from './example.ts';

const source = 'the exporter of this tool for that consumer, and the code of the consumer';
const good = withProvider({});
const proxied = withProvider({ 'proxy-url': 'https://proxy.example.com' });

export const consumerKnowledge: Knowledge = {
  CF001: {
    why: 'export to this consumer refuses the profile, with the same message.',
    source,
    consumer: 'that needs an access provider',
    bad: { status: { accessProviders: [] } },
    good,
  },
  CF002: {
    why: 'Two profiles would become one object of the consumer, and the last one would win.',
    source,
    consumer: 'that takes all namespaces as one',
    bad: [{ metadata: { name: 'tokyo' } }, { metadata: { name: 'tokyo', namespace: 'depot' } }],
    good,
  },
  CF003: {
    why: 'The consumer takes the profile and ignores it, or reads it as something else than was meant.',
    source,
    consumer: 'that looks for ControlPlaneHealthy',
    bad: { status: { conditions: [], ...proxied.status } },
    good: proxied,
  },
  CF004: {
    why: 'The consumer has no place for the field: what is in it is lost on the way.',
    source,
    consumer: 'that does not read tls-server-name',
    bad: withProvider({ 'tls-server-name': 'tokyo' }),
    good,
  },
};
