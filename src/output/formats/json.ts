import { listOf, renderEach, renderStream, renderWhole, type Format, type Renderer } from '../format.ts';
import { formatGoJson } from '../json.ts';
import { printValues } from '../jsonpath/print.ts';

const renderJsonList = (): Renderer =>
  renderStream({
    open: '{\n    "apiVersion": "v1",\n    "items": [\n',
    first: '        ',
    next: ',\n        ',
    item: (profile) => formatGoJson(profile, '        '),
    cut: '\n',
    close: '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n',
    empty: `${formatGoJson(listOf([]))}\n`,
  });

export const json: Format = {
  isWhole: true,
  render: ({ single }) =>
    single ? renderWhole(([profile]) => (profile ? `${formatGoJson(profile)}\n` : '')) : renderJsonList(),
  // kubectl prints an event on one line.
  renderEvents: ({ withEvents }) =>
    renderEach(({ type, object }) =>
      withEvents ? `{"type":"${type}","object":${printValues([object])}}\n` : `${formatGoJson(object)}\n`,
    ),
};
