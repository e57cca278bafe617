import type { SettableFlag } from './entry.ts';
import { defaultsKind, defaultsVersion } from './read.ts';
import type { CommandFlags } from './settings.ts';

/** A part of a JSON Schema. */
type Schema = Readonly<Record<string, unknown>>;

const textSchema = (choices: readonly string[] | undefined): Schema =>
  choices ? { enum: choices } : { type: ['string', 'integer'] };

/** What a file may say of a flag. */
function describeFlag({ option, takesText }: SettableFlag): Schema {
  const { choices, repeatable, settable } = option;
  const description =
    settable === 'personal' ? `${option.description} (in your own file and in variables only)` : option.description;
  if (!takesText) return { type: 'boolean', description };
  const text = textSchema(choices);
  return repeatable ? { anyOf: [text, { type: 'array', items: text }], description } : { ...text, description };
}

/** Flags under names of their own; two that differ, as the `--output` of two commands, are two. */
class Definitions {
  readonly all: Record<string, Schema> = {};
  readonly #names = new Map<string, string>();

  refer(name: string, schema: Schema): Schema {
    const key = JSON.stringify([name, schema]);
    const known = this.#names.get(key);
    if (known !== undefined) return { $ref: known };
    let own = name;
    for (let nth = 2; Object.hasOwn(this.all, own); nth++) own = `${name}-${nth}`;
    this.all[own] = schema;
    const path = `#/definitions/${own}`;
    this.#names.set(key, path);
    return { $ref: path };
  }
}

const mapOf = (properties: Readonly<Record<string, Schema>>, more: Schema = {}): Schema => ({
  type: 'object',
  ...more,
  additionalProperties: false,
  properties,
});

/** The flags of several commands: one that differs between them may be as any of them has it. */
function joinFlags(all: readonly (readonly [name: string, schema: Schema])[]): Record<string, Schema> {
  const joined = new Map<string, Map<string, Schema>>();
  for (const [name, schema] of all) {
    const known = joined.get(name) ?? new Map<string, Schema>();
    joined.set(name, known.set(JSON.stringify(schema), schema));
  }
  return Object.fromEntries(
    [...joined].map(([name, schemas]) => {
      const [only, another] = schemas.values();
      return [name, another === undefined && only ? only : { anyOf: [...schemas.values()] }];
    }),
  );
}

const patternsSchema: Schema = {
  description: 'names of profiles, in which * and ? stand for others; with a / the namespace is in front',
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
};

/** The JSON Schema (draft-07, which editors read) of files with defaults, of the flags of all commands. */
export function buildDefaultsSchema(commands: CommandFlags): Schema {
  const definitions = new Definitions();
  const listed = commands.map(({ words, flags }) => ({
    words,
    flags: flags
      .filter(({ option }) => option.settable !== 'never')
      .map((flag) => [flag.name, definitions.refer(flag.name, describeFlag(flag))] as const),
  }));
  const groups = [...new Set(listed.filter(({ words }) => words.length > 1).map(({ words }) => words[0] ?? ''))];
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Defaults for the flags of clusterprofile',
    type: 'object',
    required: ['apiVersion', 'kind'],
    additionalProperties: false,
    properties: {
      apiVersion: { const: defaultsVersion },
      kind: { const: defaultsKind },
      defaults: mapOf(joinFlags(listed.flatMap(({ flags }) => flags)), {
        description: 'flags of every command that has them',
      }),
      commands: mapOf(
        Object.fromEntries([
          ...groups.map((group): [string, Schema] => {
            const own = listed.filter(({ words }) => words[0] === group);
            return [group, mapOf(joinFlags(own.flatMap(({ flags }) => flags)))];
          }),
          ...listed.map(({ words, flags }): [string, Schema] => [words.join(' '), mapOf(Object.fromEntries(flags))]),
        ]),
        { description: 'flags of one command, or of all that begin with a word' },
      ),
      accept: {
        type: 'object',
        description: 'warnings of rules (explain rules) that are expected of profiles',
        propertyNames: { pattern: '^[A-Z]{2}[0-9]{3}$' },
        additionalProperties: patternsSchema,
      },
    },
    definitions: definitions.all,
  };
}
