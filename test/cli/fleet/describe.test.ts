import { describe, expect, it } from 'vitest';
import { run } from '../../support/run.ts';
import { endOf } from '../../support/text.ts';
import { writeProviders, writeScratch, written } from '../../support/written.ts';

/** The rows of a section: each line below its title, in cells. */
const section = (out: string, title: string): string[][] =>
  (out.split(`${title}:\n`)[1] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('  '))
    .map((line) => line.trim().split(/ {3,}/));

describe('describe --for', () => {
  it('says of each consumer whether it takes the profile, as its export decides', async () => {
    const file = writeScratch('oslo.json', [written('oslo', 'fleet')]);
    const words = ['describe', 'oslo', '-n', 'fleet', '-f', file];
    const { code, out, err } = await run([...words, '--for', 'all']);
    expect([code, err]).toEqual([0, '']);
    const rows = section(out, 'Consumers');
    expect(rows[0]).toEqual(['CONSUMER', 'TAKES IT', 'WHY']);
    const verdicts = new Map(rows.slice(1).map(([name = '', takes = '']) => [name, takes]));
    expect([...verdicts.keys()]).toEqual(expect.arrayContaining(['argocd', 'flux', 'kueue', 'sveltos', 'kubeconfig']));
    for (const [name, takes] of verdicts) {
      if (takes !== 'no') continue;
      const exported = await run(['export', name, '-n', 'fleet', '-f', file]);
      expect([name, exported.code]).toEqual([name, 5]);
    }
    expect(verdicts.get('kubeconfig')).toBe('depends');
    const withFile = await run([...words, '--for', 'kubeconfig', '--provider-file', writeProviders()]);
    expect(section(withFile.out, 'Consumers')[1]?.slice(0, 2)).toEqual(['kubeconfig', 'yes']);
  });

  it('takes the flags of the consumer, and refuses a word that is none', async () => {
    const file = writeScratch('oslo.json', [written('oslo', 'fleet')]);
    const words = ['describe', 'oslo', '-n', 'fleet', '-f', file];
    const plain = await run([...words, '--for', 'fleet']);
    expect(section(plain.out, 'Consumers')[1]?.slice(0, 2)).toEqual(['fleet', 'no']);
    const embedded = await run([...words, '--for', 'fleet', '--credentials', 'embed']);
    expect(section(embedded.out, 'Consumers')[1]?.slice(0, 2)).not.toEqual(['fleet', 'no']);
    expect(await run([...words, '--for', 'argo'])).toEqual({
      code: 2,
      out: '',
      err: 'error: no consumer "argo" to validate for\nhint: did you mean argocd?\n',
    });
  });
});

it('describes profiles of files as those of an inventory, without what a URL gives away', async () => {
  const secret = 'https://admin:LEAKCANARY-hunter2@oslo.example.com/?token=LEAKCANARY-abcdef';
  const patch = { status: { accessProviders: [{ name: 'google', cluster: { server: secret } }] } };
  const file = writeScratch('oslo.json', [written('oslo', 'fleet', patch)]);
  const described = await run(['describe', 'oslo', '-n', 'fleet', '-f', file, '--for', 'all']);
  expect(described.code).toBe(0);
  expect(described.out).toMatch(/^Name: {11}oslo$/m);
  for (const output of ['wide', 'csv']) {
    const listed = await run(['list', '-f', file, '-A', '-o', output]);
    expect(listed.out).toContain('https://***@oslo.example.com/?token=***');
    expect(listed.out).not.toContain('LEAKCANARY');
  }
  expect(described.out + described.err).not.toContain('LEAKCANARY');
  const missing = await run(['describe', 'bergen', '-n', 'fleet', '-f', file]);
  expect([missing.code, endOf(missing.err).split('\n')[0]]).toEqual([
    9,
    'error: not found: bergen (in the fleet namespace)',
  ]);
});
