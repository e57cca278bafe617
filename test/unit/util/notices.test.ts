import { describe, expect, it } from 'vitest';
import { collectNotices, nameSubjects } from '../../../src/util/notices.ts';
import { createProcessIo } from '../../../src/io.ts';

interface Subject {
  name: string;
}
const named = (count: number, prefix = 'prod'): Subject[] =>
  Array.from({ length: count }, (_each, index) => ({ name: `${prefix}-${index + 1}` }));
const nameOf = ({ name }: Subject): string => name;

describe('what is said of several subjects', () => {
  const [a, b, c, d] = named(4) as [Subject, Subject, Subject, Subject];

  it('is one line each, in the order it was said', () => {
    const said = [
      ['no CA', a],
      ['no version', a],
      ['no CA', b],
    ] as const;
    expect(nameSubjects(said, nameOf, 3)).toEqual(['prod-1: no CA', 'prod-1: no version', 'prod-2: no CA']);
  });

  it('is one line where it is true of many, where the first of them stands', () => {
    const said = [
      ['no CA', a],
      ['no CA', b],
      ['no version', b],
      ['no CA', c],
      ['no CA', d],
    ] as const;
    expect(nameSubjects(said, nameOf, 3)).toEqual(['prod-1, prod-2, prod-3 and 1 more: no CA', 'prod-2: no version']);
    expect(nameSubjects(said, nameOf, Infinity)).toHaveLength(5);
  });

  it('counts a subject once, and two of one name as two', () => {
    const twin = { name: 'prod-1' };
    const said = [a, a, twin, twin, a].map((subject) => ['no CA', subject] as const);
    expect(nameSubjects(said, nameOf, 3)).toEqual(['prod-1: no CA', 'prod-1: no CA']);
    expect(nameSubjects(said, nameOf, 1)).toEqual(['prod-1, prod-1: no CA']);
  });

  it('takes no longer than the input is', () => {
    const many = named(50_000);
    const said = many.flatMap((subject) => [['no CA', subject] as const, [`no ${subject.name}`, subject] as const]);
    expect(nameSubjects(said, nameOf, 3)).toHaveLength(50_001);
    expect(nameSubjects(said, nameOf, Infinity)).toHaveLength(100_000);
  }, 5000);
});

describe('notices', () => {
  const hear = (options: object): { notices: ReturnType<typeof collectNotices<Subject>>; lines: string[] } => {
    const lines: string[] = [];
    const io = { ...createProcessIo(() => new AbortController().signal), err: (text: string) => void lines.push(text) };
    return { notices: collectNotices(io, options, nameOf), lines };
  };

  it('wait where they are of a subject, errors before warnings, each with its hint', () => {
    const { notices, lines } = hear({});
    for (const subject of named(5)) {
      notices.warn('no CA', subject);
      notices.fail('no name', subject, 'give it one');
    }
    notices.warn('no cluster\u001b');
    notices.warn('no cluster\u001b');
    expect(lines).toEqual(['warning: no cluster\\u{1b}\n']);
    notices.flush();
    notices.flush();
    expect(lines.slice(1)).toEqual([
      'error: prod-1, prod-2, prod-3 and 2 more: no name\nhint: give it one\n',
      'warning: prod-1, prod-2, prod-3 and 2 more: no CA\n',
    ]);
    expect(notices.found).toEqual({ warning: true, error: true });
  });

  it('are counted and not printed with --quiet, but for errors', () => {
    const { notices, lines } = hear({ quiet: true });
    notices.warn('no cluster');
    notices.warn('no CA', { name: 'prod-1' });
    notices.flush();
    expect({ lines, found: notices.found }).toEqual({ lines: [], found: { warning: true, error: false } });
    notices.fail('no name', { name: 'prod-1' });
    notices.flush();
    expect(lines).toEqual(['error: prod-1: no name\n']);
  });
});
