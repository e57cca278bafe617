import { pickEventSubject, renderEach, renderLines, type Format } from '../format.ts';

export const ndjson: Format = {
  isWhole: true,
  render: () => renderLines((profile) => JSON.stringify(profile)),
  renderEvents: (options) => renderEach((event) => `${JSON.stringify(pickEventSubject(event, options))}\n`),
};
