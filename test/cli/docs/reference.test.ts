import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exit } from '../../../src/errors.ts';
import { root, scratch } from '../../support/paths.ts';
import { run } from '../../support/run.ts';
import { lines } from '../../support/text.ts';

const kept = join(root, 'docs', 'reference');

/** The files below a folder, by their paths in it. */
const readTree = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );

const hasTool = (name: string): boolean =>
  (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, name)));

describe('docs', () => {
  it('is what docs/reference has: npm run docs writes it anew', async () => {
    const folder = join(scratch(), 'reference');
    const { out, err, code } = await run(['docs', '--output-dir', folder], { asPlugin: true });
    const written = readTree(folder);
    expect({ out, err, code }).toEqual({
      out: '',
      err: `${Object.keys(written).length} pages written to ${folder}\n`,
      code: 0,
    });
    const there = readTree(kept);
    expect(
      Object.keys(there).filter((path) => written[path] === undefined),
      'pages of docs/reference that are not made any more, to delete',
    ).toEqual([]);
    expect(there, 'docs/reference is not what the program writes: npm run docs').toEqual(written);
  });

  it('has links that lead somewhere, from every page of docs/ and README', () => {
    const pages = { ...readTree(join(root, 'docs')), '../README.md': readFileSync(join(root, 'README.md'), 'utf8') };
    const slug = (heading: string): string =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-');
    const broken = Object.entries(pages)
      .filter(([page]) => page.endsWith('.md'))
      .flatMap(([page, text]) =>
        [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)]
          .filter(([, path = '', anchor]) => {
            const file = path === '' ? join(root, 'docs', page) : resolve(root, 'docs', dirname(page), path);
            if (!existsSync(file)) return true;
            if (anchor === undefined) return false;
            const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
            return !headings.some((heading) => slug(heading) === anchor);
          })
          .map(([link]) => `${page}: ${link}`),
      );
    expect(broken).toEqual([]);
  });

  it('has every command, system, rule and exit code', async () => {
    const pages = readTree(kept);
    const verbs = (await run(['help'])).out.split('Commands:')[1] ?? '';
    const named = [...verbs.matchAll(/^ {2}([a-z]+)/gm)].map(([, verb]) => verb).filter((verb) => verb !== 'help');
    expect(named.length).toBeGreaterThan(15);
    for (const verb of named) expect(pages[`commands/${verb}.md`], verb).toContain(`# ${verb}\n`);
    const { out } = await run(['explain', 'rules', '-o', 'json']);
    for (const { id, title } of JSON.parse(out) as { id: string; title: string }[])
      expect(pages['rules.md']?.replaceAll('\\', ''), id).toContain(`## ${id}\n\n**${title}.**`);
    for (const code of Object.values(exit)) expect(pages['exit-codes.md']).toContain(`| ${code} |`);
    for (const text of Object.values(pages)) expect(text).not.toMatch(/undefined|\[object/);
  });

  it('is refused without a place', async () => {
    expect(await run(['docs'])).toEqual({
      out: '',
      err: lines(
        'error: say what to write with --output-dir or --man',
        'hint: clusterprofile docs --man ~/.local/share/man',
      ),
      code: 2,
    });
  });
});

describe('man pages', () => {
  const folder = join(scratch(), 'man');
  const write = async (): Promise<Record<string, string>> => {
    expect(await run(['docs', '--man', folder])).toMatchObject({ out: '', code: 0 });
    return readTree(folder);
  };

  it('are one a command, and the same every time', async () => {
    const pages = await write();
    expect(pages).toEqual(await write());
    const names = Object.keys(pages);
    for (const name of ['clusterprofile', 'clusterprofile-list', 'clusterprofile-import', 'clusterprofile-import-gke'])
      expect(names).toContain(`man1/${name}.1`);
    const linked = Object.values(pages).flatMap((text) =>
      [...text.matchAll(/^\.BR (\S+) \(1\)/gm)].map(([, page]) => page),
    );
    const unknown = linked
      .map((page) => page?.replaceAll('\\-', '-'))
      .filter((page) => !names.includes(`man1/${page}.1`));
    expect([...new Set(unknown)]).toEqual(['kubectl']);
    // Lines that begin with a request are those of the macros.
    const requests = Object.values(pages).flatMap((text) => text.match(/^[.'][A-Za-z]*/gm) ?? []);
    expect([...new Set(requests)].toSorted()).toEqual(
      ['.B', '.BR', '.PP', '.RE', '.RS', '.SH', '.SS', '.TH', '.TP', '.ad', '.fi', '.nf', '.nh'].toSorted(),
    );
  });

  const withoutMandoc = hasTool('mandoc') ? '' : ': skipped, mandoc is not installed';
  it.skipIf(withoutMandoc !== '')(`are faultless to mandoc${withoutMandoc}`, async () => {
    const paths = Object.keys(await write()).map((path) => join(folder, path));
    const found = (() => {
      try {
        return execFileSync('mandoc', ['-T', 'lint', '-W', 'warning', ...paths], { encoding: 'utf8' });
      } catch (error) {
        return (error as { stdout: string }).stdout;
      }
    })();
    // They have no date on purpose.
    expect(found.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual([]);
  });

  const withoutGroff = hasTool('groff') ? '' : ': skipped, groff is not installed';
  it.skipIf(withoutGroff !== '')(`show what is typed as it is typed${withoutGroff}`, async () => {
    await write();
    const page = join(folder, 'man1', 'clusterprofile-list.1');
    const shown = execFileSync('groff', ['-ww', '-man', '-Tutf8', '-P-c', page], { encoding: 'utf8' });
    // eslint-disable-next-line no-control-regex
    const plain = shown.replaceAll(/.\u0008/g, '');
    expect(plain).toContain("clusterprofile list -o jsonpath='{.items[*].metadata.name}'\n");
    expect(plain).toMatch(/^ {7}-n, --namespace <namespace>\n {14}namespace of the inventory$/m);
    expect(plain).toMatch(/^ {7}4 {6}partial: some objects or sources failed, the rest was done$/m);
  });
});
