import { option, type Option } from '../../options.ts';
import { usageError } from '../../errors.ts';
import { providerAliasOption } from '../../access/provider-alias.ts';
import { closest } from '../../lint/suggest.ts';
import { loadExporter, systemsFor, wordsFor } from '../../systems/index.ts';
import { type Consumer } from '../../export/parts.ts';

/** The consumers of these names or aliases. Any other word is a usage error. */
export async function consumersNamed(words: readonly string[]): Promise<Map<string, Consumer>> {
  const consumers = new Map<string, Consumer>();
  for (const word of words) {
    const found = await loadExporter(word);
    if (!found) {
      const all = systemsFor('export').flatMap(([name]) => wordsFor(name));
      const near = closest(word, all);
      throw usageError(
        `no consumer ${JSON.stringify(word)} to validate for`,
        near ? `did you mean ${near}?` : `consumers: ${all.join(' ')}`,
      );
    }
    consumers.set(found.name, found);
  }
  return consumers;
}

/** The words behind `--for`; a flag in their place is commander's to refuse. */
const consumersIn = (words: readonly string[]): string[] =>
  words
    .flatMap((word, index) =>
      word.startsWith('--for=') ? [word.slice(6)] : word === '--for' ? words.slice(index + 1, index + 2) : [],
    )
    .filter((word) => !word.startsWith('-'));

/**
 * The flags of the consumers on a command line, which say how they are set up and so what they would refuse. One that
 * two of them have takes what either takes.
 */
export async function optionsFor(words: readonly string[]): Promise<Option[]> {
  const consumers = await consumersNamed(consumersIn(words));
  const options = new Map<string, Option>([
    ['', option.flag('--allow-insecure', 'as for export')],
    [providerAliasOption.flags, providerAliasOption],
  ]);
  for (const own of [...consumers.values()].flatMap(({ exporter }) => Object.values(exporter.options ?? {}))) {
    const other = options.get(own.flags);
    const choices = other?.choices && own.choices && [...new Set([...other.choices, ...own.choices])];
    options.set(own.flags, { ...own, ...other, ...(choices && { choices }) });
  }
  return [...options.values()];
}
