import { option } from '../../options.ts';
import { keys, propertyOf, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { refusal, usageError } from '../../errors.ts';
import { isLabelKey, isLabelValue } from '../../profile/names.ts';

/** For consumers that choose clusters by label: properties are out of their reach. */
export const labelFromOption = option.texts(
  '--label-from <property:NAME=LABEL>',
  'a property of the profiles as a label, for selectors; repeatable',
);

/**
 * The properties that `--label-from` makes labels of. A profile without the property has no such label; a value that is
 * none is refused, never rewritten: a selector would not find it under another one.
 */
export function copyLabelsFrom(
  profile: ClusterProfile,
  labelFrom: readonly string[],
  reserved: RegExp,
): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const given of labelFrom) {
    const [, property = '', label = ''] = /^property:([^=]+)=(.+)$/.exec(given) ?? [];
    if (!isLabelKey(label) || reserved.test(label) || label === keys.managedByLabel)
      throw usageError(
        property === ''
          ? `--label-from takes property:NAME=LABEL, not ${JSON.stringify(given)}`
          : `--label-from: ${JSON.stringify(label)} is no label that could be set`,
      );
    const value = propertyOf(profile, property);
    if (value === undefined) continue;
    if (!isLabelValue(value))
      throw refusal(
        `property ${property} has a value that no label can have, which --label-from would make it`,
        'letters, digits, - _ and . only, 63 at most',
      );
    labels[label] = value;
  }
  return labels;
}
