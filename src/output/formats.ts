/** Every `-o` value of `list` and `import`; the ones with `…` take a template. */
export const formats = [
  'table',
  'wide',
  'name',
  'json',
  'yaml',
  'ndjson',
  'csv',
  'jsonpath=…',
  'jsonpath-as-json=…',
  'jsonpath-file=…',
  'custom-columns=…',
  'custom-columns-file=…',
];
