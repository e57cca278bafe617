// https://github.com/argoproj-labs/clusterprofile-integration-for-argocd (controller.go, issue 6)
import type { ConsumerCheck } from '../../export/kit/exporter.ts';
import { nameOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { nameLimit } from '../../profile/names.ts';
import { groupBy, memoise } from '../../util/collections.ts';

const compareLabs = memoise((profiles: readonly ClusterProfile[]) =>
  groupBy(profiles, ({ metadata: { name } }) => name),
);

/** The controller that makes the same Secrets on a hub itself: what it does with names. Of no concern to who exports. */
export const labsChecks: readonly ConsumerCheck[] = [
  ({ metadata: { name, namespace = '' } }) =>
    `${namespace}-${name}`.length > nameLimit
      ? [
          {
            severity: 'info',
            message: `the argoproj-labs controller fails on it: its label of namespace and name ends at ${nameLimit}`,
            at: ['metadata', 'name'],
          },
        ]
      : [],
  (profile, { profiles }) => {
    const twin = compareLabs(profiles)
      .get(profile.metadata.name)
      ?.find((each) => each !== profile);
    return twin
      ? [
          {
            severity: 'info',
            message: `the argoproj-labs controller would write one Secret for it and for ${nameOf(twin)}`,
            at: ['metadata', 'name'],
          },
        ]
      : [];
  },
];
