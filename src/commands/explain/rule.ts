import { toYamlStream } from '../../documents/yaml-out.ts';
import { loadAllRules } from '../../lint/catalogue.ts';
import type { Example } from '../../lint/knowledge/example.ts';
import type { Rule } from '../../lint/rule.ts';
import { formatColumns, wrapText } from '../../output/text.ts';

/** The rule of that id, in any case. */
export const findRule = async (id: string): Promise<Rule | undefined> =>
  /^[a-z]{2}\d/i.test(id) ? (await loadAllRules()).find((rule) => rule.id === id.toUpperCase()) : undefined;

/** Every rule with its title. */
export async function formatRules(output: string): Promise<string> {
  const rules = (await loadAllRules()).map(({ id, severity, title }) => ({ id, severity, title }));
  if (output === 'json') return `${JSON.stringify(rules, undefined, 2)}\n`;
  return formatColumns([
    ['RULE', 'SEVERITY', 'WHAT SHOULD BE'],
    ...rules.map(({ id, severity, title }) => [id, severity, title]),
  ]);
}

const isProviderFileRule = (id: string): boolean => id.startsWith('PF');

/** A provider file is JSON, everything else is shown as YAML. */
function formatExample(id: string, example: Example): string {
  if (typeof example === 'string') return example;
  return isProviderFileRule(id) ? `${JSON.stringify(example, undefined, 2)}\n` : toYamlStream([example].flat());
}

const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '    ');

const listSuppressions = (id: string): string[] =>
  isProviderFileRule(id)
    ? [`validate --ignore ${id}`]
    : [
        `validate --ignore ${id}, or --ignore '${id}=prod-*' for these names`,
        `the annotation clusterprofile.dev/ignore: ${id} on the object`,
        `the comment # clusterprofile:ignore ${id} in its YAML document`,
      ];

/** What a rule is, why there is one, and how it is left out. */
export async function formatRule(
  { id, severity, title }: Rule,
  output: string,
  room: number | undefined,
): Promise<string> {
  const { ruleKnowledge } = await import('../../lint/knowledge/index.ts');
  const known = ruleKnowledge[id];
  const ignore = listSuppressions(id);
  if (output === 'json') return `${JSON.stringify({ id, severity, title, ...known, ignore }, undefined, 2)}\n`;
  const wrap = (text: string): string => `${wrapText(text, room === undefined ? room : room - 4).join('\n')}\n`;
  const sections: [title: string, text: string][] = known
    ? [
        ['WHY', wrap(known.why)],
        ['SOURCE', wrap(known.source)],
        [
          `FOUND IN${known.consumer ? ` (with --for a consumer ${known.consumer})` : ''}${known.before ? ' (with --against what it was)' : ''}`,
          formatExample(id, known.bad),
        ],
        ['NOT IN', formatExample(id, known.good)],
      ]
    : [];
  const texts = [...sections, ['LEFT OUT BY', `${ignore.join('\n')}\n`] as const];
  return `${id} (${severity}): ${title}\n${texts.map(([head, text]) => `\n${head}:\n${indent(text)}`).join('')}`;
}
