import { describe, expect, it } from 'vitest';
import { loadAllRules } from '../../src/lint/catalogue.ts';
import { lint, type Finding } from '../../src/lint/index.ts';
import type { Example } from '../../src/lint/knowledge/example.ts';
import { ruleKnowledge } from '../../src/lint/knowledge/index.ts';
import { checkProviderFile } from '../../src/lint/rules/provider-file.ts';
import { splitDocuments } from '../../src/lint/source.ts';
import { yamlOfExample } from './examples.ts';
import { now, profile } from '../support/profiles.ts';

function findIn(id: string, example: Example): Finding[] {
  const { before } = ruleKnowledge[id] ?? {};
  if (id.startsWith('PF')) {
    const text = typeof example === 'string' ? example : JSON.stringify(example);
    return checkProviderFile(text, { file: 'providers.json', profiles: [profile()], strict: false });
  }
  const against =
    before === undefined ? [] : splitDocuments(yamlOfExample(before), 'before.yaml').map(({ object }) => object);
  return lint(splitDocuments(yamlOfExample(example), 'fleet.yaml'), { now, against }).findings;
}

const ids = Object.keys(ruleKnowledge);

describe('what is known of rules', () => {
  it('is there for every rule, and for no other', async () => {
    const all = await loadAllRules();
    expect(ids.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
  });

  it.each(ids.filter((id) => !id.startsWith('CF')))(
    '%s: the rule finds the bad example, and nothing in the good one',
    (id) => {
      const { bad, good } = ruleKnowledge[id] ?? { bad: '', good: '' };
      const isFound = (example: Example): boolean => findIn(id, example).some((finding) => finding.id === id);
      expect({ bad: isFound(bad), good: isFound(good) }).toEqual({ bad: true, good: false });
    },
  );
});
