import { group, plural } from '../../profile/clusterprofile.ts';
import { renderLines, type Format } from '../format.ts';

export const name: Format = {
  render: () => renderLines(({ metadata }) => `${plural.slice(0, -1)}.${group}/${metadata.name}`),
};
