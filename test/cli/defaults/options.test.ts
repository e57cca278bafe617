import { describe, expect, it } from 'vitest';
import { connectionFlags } from '../../../src/kubernetes/flags.ts';
import { run } from '../../support/run.ts';

const pointer = (program: string): string =>
  `\nUse "${program} options" for the flags of the connection (as in kubectl).\n`;

/** The flags that a help shows, by their long names. */
const listShown = (help: string): string[] =>
  [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag = '']) => flag);

const common = Object.values(connectionFlags).map(({ flags }) => /--[\w-]+/.exec(flags)?.[0]);

describe('the flags of a connection', () => {
  it('are shown by options', async () => {
    const { out, err, code } = await run(['options']);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(listShown(out)).toEqual(common);
  });

  it.each([
    ['list'],
    ['import', 'kubefleet'],
    ['import', 'auto'],
    ['export', 'argocd'],
    ['export', 'kubeconfig'],
    ['crd', 'install'],
  ])('are not in the help of %s %s, which says where they are', async (...words) => {
    const { out } = await run([...words, '--help']);
    expect(listShown(out).filter((flag) => common.includes(flag.replace(/^--(source|target)-/, '--')))).toEqual(
      words[0] === 'import'
        ? ['--source-kubeconfig', '--source-context']
        : words[1] === 'argocd'
          ? ['--target-kubeconfig', '--target-context']
          : [],
    );
    expect(out.endsWith(pointer('clusterprofile'))).toBe(true);
  });

  it('are not spoken of where a command takes none', async () => {
    for (const words of [
      ['explain'],
      ['migrate'],
      ['crd', 'print'],
      ['completion'],
      ['version'],
      ['config', 'view'],
      [],
    ])
      expect((await run([...words, '--help'])).out, words.join(' ')).not.toContain('options" for');
  });

  it('stand under the name that kubectl has for the program', async () => {
    const { out } = await run(['describe', '--help'], { asPlugin: true });
    expect(out.endsWith(pointer('kubectl clusterprofile'))).toBe(true);
  });
});
