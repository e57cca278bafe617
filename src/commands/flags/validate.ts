import { option, type Option, type OptionTable } from '../../options.ts';
import { usageError } from '../../errors.ts';
import { providerAliasOption } from '../../access/provider-alias.ts';
import { findClosest } from '../../lint/suggest.ts';
import { loadExporter, listSystemsFor, listWords } from '../../systems/index.ts';
import { type Consumer } from '../../export/translate.ts';

/** The flags that say how profiles are taken for all consumers. */
export const sharedFlags = {
  allowInsecure: option.flag('--allow-insecure', 'as for export', { settable: 'personal' }),
  providerAlias: providerAliasOption,
};

/** The word for every consumer there is. */
const everyConsumer = 'all';

/** The consumers of these names or aliases, or with `all` every one. Any other word is a usage error. */
export async function findConsumers(given: readonly string[]): Promise<Map<string, Consumer>> {
  const consumers = new Map<string, Consumer>();
  const words = given.includes(everyConsumer) ? listSystemsFor('export').map(([name]) => name) : given;
  for (const word of words) {
    const found = await loadExporter(word);
    if (!found) {
      const all = listSystemsFor('export').flatMap(([name]) => listWords(name));
      const near = findClosest(word, all);
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
const listConsumerWords = (words: readonly string[]): string[] =>
  words
    .flatMap((word, index) =>
      word.startsWith('--for=') ? [word.slice(6)] : word === '--for' ? words.slice(index + 1, index + 2) : [],
    )
    .filter((word) => !word.startsWith('-'));

/**
 * The flags of the consumers on a command line, which say how they are set up and so what they would refuse. One that
 * two of them have takes what either takes.
 */
export async function flagsFor(words: readonly string[]): Promise<OptionTable> {
  const consumers = await findConsumers(listConsumerWords(words));
  const table: Record<string, Option> = { ...sharedFlags };
  for (const [key, own] of [...consumers.values()].flatMap(({ exporter }) => Object.entries(exporter.options ?? {}))) {
    const other = table[key];
    const choices = other?.choices && own.choices && [...new Set([...other.choices, ...own.choices])];
    table[key] = { ...own, ...other, ...(choices && { choices }) };
  }
  return table;
}
