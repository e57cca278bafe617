import { wrapText } from '../../output/text.ts';
import type { CheckKnowledge } from '../../doctor/knowledge.ts';

/** What a check of the doctor is for, and how to get where it is content. */
export function formatCheck(id: string, known: CheckKnowledge, output: string, room: number | undefined): string {
  if (output === 'json') return `${JSON.stringify({ id: id.toUpperCase(), ...known }, undefined, 2)}\n`;
  const { title, why, mend } = known;
  const wrap = (text: string): string => wrapText(text, room, '    ').join('\n');
  return `${id.toUpperCase()} (doctor): ${title}\n\nWHY:\n${wrap(why)}\n\nMENDED BY:\n${wrap(mend)}\n`;
}
