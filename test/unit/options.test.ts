import { Option as Flag } from 'commander';
import { describe, expect, it } from 'vitest';
import { option, valuesOf, type OptionTable } from '../../src/options.ts';
import { loadExporter, loadImporter, listSystemNames } from '../../src/systems/index.ts';

const tables: [name: string, table: OptionTable][] = [];
for (const name of listSystemNames()) {
  tables.push([`import ${name}`, (await loadImporter(name))?.source.options ?? {}]);
  tables.push([`export ${name}`, (await loadExporter(name))?.exporter.options ?? {}]);
}

describe('a table of flags', () => {
  it.each(tables)('has the keys of commander: %s', (_name, table) => {
    const keys = Object.values(table).map(({ flags }) => new Flag(flags).attributeName());
    expect(Object.keys(table)).toEqual(keys);
  });

  const table = {
    name: option.text('--name <name>', ''),
    home: option.text('--home <namespace>', '', { default: 'kube-system' }),
    label: option.texts('--label <label>', ''),
    strict: option.flag('--strict', ''),
    enrich: option.flag('--no-enrich', ''),
    how: option.choice('--how <how>', '', ['exec', 'embed']),
    form: option.choice('--form <form>', '', ['a', 'b'], { default: 'b' }),
    wait: option.duration('-w, --wait <duration>', ''),
    count: option.number('--count <n>', ''),
  };

  it('gives what stands for a flag that is absent', () => {
    expect(valuesOf(table, {})).toEqual({
      name: undefined,
      home: 'kube-system',
      label: [],
      strict: false,
      enrich: true,
      how: undefined,
      form: 'b',
      wait: undefined,
      count: undefined,
    });
  });

  it('reads what is given, and names the flag that is wrong', () => {
    const given = { name: 'a', label: ['b'], strict: true, enrich: false, how: 'embed', wait: '1m30s', count: '3' };
    expect(valuesOf(table, given)).toEqual({ ...given, home: 'kube-system', form: 'b', wait: 90_000, count: 3 });
    expect(() => valuesOf(table, { wait: 'soon' })).toThrow('-w takes a duration');
    expect(() => valuesOf(table, { count: 'few' })).toThrow('--count takes a whole number');
  });
});
