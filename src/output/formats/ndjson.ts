import { renderLines, type Format } from '../format.ts';

export const ndjson: Format = { isWhole: true, render: () => renderLines((profile) => JSON.stringify(profile)) };
