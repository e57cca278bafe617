import { group, plural, type ClusterProfile } from '../../profile/clusterprofile.ts';
import { findMisshape } from '../../profile/shape/well-formed.ts';
import { renderEach, renderLines, type Format } from '../format.ts';

/** The name for other commands. A file may hold a profile without one, for which this format has no line. */
function formatName(profile: ClusterProfile): string {
  const { name } = profile.metadata as { name?: unknown };
  if (typeof name === 'string' && name !== '') return `${plural.slice(0, -1)}.${group}/${name}`;
  throw findMisshape(profile) ?? new TypeError('a profile without a name');
}

export const name: Format = {
  render: () => renderLines(formatName),
  renderEvents: () => renderEach(({ object }) => `${formatName(object)}\n`),
};
