/** What `explain` tells of a rule, beside its title. */
interface RuleKnowledge {
  why: string;
  /** Where it is written, or whose code behaves so. */
  source: string;
  /** Found by the rule: fields over those of a valid object, several objects, or a text as it is. */
  bad: Example;
  /** Not found by it. */
  good: Example;
  /** The earlier version that `--against` compares with. */
  before?: Example;
  /** Which consumers the example is for. */
  consumer?: string;
}

export type Example = string | object | readonly object[];

export type Knowledge = Readonly<Record<string, RuleKnowledge>>;

export const withProvider = (cluster: object, name = 'google'): { status: object } => ({
  status: { accessProviders: [{ name, cluster: { server: 'https://tokyo.example.com:6443', ...cluster } }] },
});

export const withExtension = (name: string, extension: unknown, provider?: string): object =>
  withProvider({ extensions: [{ name, extension }] }, provider);

const observed = { lastObservedTime: '2026-01-31T12:00:00Z' };

/** Each property as name and value, with more where there is more. */
export const withProperties = (
  ...properties: readonly [name: string, value: unknown, more?: object][]
): { status: object } => ({
  status: { properties: properties.map(([name, value, more = observed]) => ({ name, value, ...more })) },
});

export const withCondition = (type: string, more: object = {}): object => ({
  status: {
    conditions: [
      { type, status: 'True', reason: 'AsExpected', message: '', lastTransitionTime: '2026-01-31T12:00:00Z', ...more },
    ],
  },
});

export const withLabel = (key: string, value: unknown): object => ({ metadata: { labels: { [key]: value } } });
