import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser, withoutBrowser } from './browser.ts';
import { scratch } from '../../support/paths.ts';
import { condition, property, type Tree } from '../../support/profiles.ts';
import { run } from '../../support/run.ts';
import { writeScratch, written } from '../../support/written.ts';

const hostile = '<img src=x onerror="window.broken=1">';
const endOfScript = '</script><script>window.broken=1</script>';

const member = (index: number, patch: Tree = {}): Tree =>
  written(`c${String(index).padStart(5, '0')}`, 'fleet', {
    spec: { clusterManager: { name: `manager-${index % 7}` } },
    status: {
      version: { kubernetes: `v1.${28 + (index % 7)}.${index % 10}` },
      conditions: [condition('ControlPlaneHealthy', { status: index % 10 === 0 ? 'False' : 'True' })],
      properties: [property('clusterset.k8s.io', `set-${index % 5}`), property('location', `region-${index % 30}`)],
    },
    ...patch,
  });

const fleetOf = (count: number): Tree[] => Array.from({ length: count }, (_, index) => member(index));

/** Texts that would be markup, a script or a link where somebody forgot that they are texts. */
const hostileFleet = (): Tree[] => [
  member(1),
  member(2, {
    spec: { clusterManager: { name: hostile } },
    status: {
      version: { kubernetes: endOfScript },
      conditions: [condition('ControlPlaneHealthy', { status: hostile, reason: endOfScript })],
      properties: [property('clusterset.k8s.io', `"><b>${hostile}`), property('location', `${endOfScript}\u202E`)],
      accessProviders: [{ name: hostile, cluster: { server: 'javascript:window.broken=1' } }],
    },
  }),
];

async function writePage(profiles: readonly Tree[]): Promise<string> {
  const file = join(scratch(), 'fleet.html');
  const { code, err } = await run(['report', '-f', writeScratch('fleet.json', profiles), file]);
  expect(code).toBe(0);
  expect(err).toMatch(/^written to .*\n$/);
  return file;
}

describe('report', () => {
  it('is Markdown for a pull request, in which a name is nothing but a name', async () => {
    const file = writeScratch('fleet.json', [
      ...fleetOf(3),
      member(4, { spec: { clusterManager: { name: '`@all` | <b>' } } }),
    ]);
    const { code, out } = await run(['report', '-f', file, '-o', 'md', '--as-of', '2026-06-01T12:00:00Z']);
    expect(code).toBe(0);
    expect(out).toMatch(/^## Fleet report: 4 clusters\n/);
    expect(out).toContain('2026-06-01T12:00:00Z');
    expect(out).toContain('| `` `@all` \\| <b> `` | 1 |  |');
    expect(out).toContain('- **1** not healthy: `fleet/c00000`');
  });

  it('is the same bytes for the same fleet and time', async () => {
    const words = ['report', '-f', writeScratch('fleet.json', fleetOf(20)), '--as-of', '2026-06-01T12:00:00Z'];
    expect((await run(words)).out).toBe((await run(words)).out);
  });

  it('leaves the old page where the fleet cannot be read', async () => {
    const page = await writePage(fleetOf(2));
    const before = readFileSync(page, 'utf8');
    const { code } = await run(['report', '-f', writeScratch('broken.yaml', 'a: ['), page]);
    expect(code).toBe(3);
    expect(readFileSync(page, 'utf8')).toBe(before);
  });
});

describe.skipIf(withoutBrowser)(`the page in a browser${withoutBrowser ? `: skipped, ${withoutBrowser}` : ''}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  /** Opens a page, and keeps what it complains of and what it asks for. */
  async function open(file: string, options: BrowserContextOptions = {}): Promise<{ page: Page; faults: string[] }> {
    const page = await browser.newPage(options);
    const faults: string[] = [];
    page.on('console', (message) => faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file).href) faults.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    return { page, faults };
  }

  const countShown = (page: Page): Promise<number> => page.locator('#clusters-table tbody tr:not([hidden])').count();

  it('shows every cluster, and searches, filters and sorts them', async () => {
    const { page, faults } = await open(await writePage(fleetOf(200)));
    expect(await countShown(page)).toBe(200);
    await page.getByLabel('Search').fill('c00123');
    await page.getByText('1 of 200 clusters').waitFor();
    await page.getByLabel('Search').fill('');
    await page.locator('form').getByLabel('Manager').selectOption('manager-3');
    await page.getByText('29 of 200 clusters').waitFor();
    await page.locator('form').getByLabel('Healthy').selectOption('False');
    await page.getByText('3 of 200 clusters').waitFor();
    await page.getByRole('button', { name: 'Cluster', exact: true }).click();
    await page.getByRole('button', { name: 'Cluster', exact: true }).press('Enter');
    expect(await page.locator('#clusters-table tbody th').first().textContent()).toBe('fleet/c00199');
    expect(await page.getByRole('columnheader', { name: 'Cluster', exact: true }).getAttribute('aria-sort')).toBe(
      'descending',
    );
    expect(faults).toEqual([]);
    await page.close();
  });

  it('makes no markup of what profiles say, and asks nobody for anything', async () => {
    const { page, faults } = await open(await writePage(hostileFleet()));
    expect(await page.evaluate('window.broken')).toBeUndefined();
    expect(await page.locator('img, a, iframe, b:not(.facts b), link').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.getByText(hostile).first().textContent()).toContain('<img');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('runs no script but its own', async () => {
    const { page } = await open(await writePage(fleetOf(1)));
    const inject = `const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s);`;
    await page.evaluate(inject);
    expect(await page.evaluate('window.broken')).toBeUndefined();
    await page.close();
  });

  it.each(['light', 'dark'] as const)('has no fault of accessibility: %s', async (colorScheme) => {
    const file = await writePage([...fleetOf(50), ...hostileFleet()]);
    const { page } = await open(file, { colorScheme });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
      'axe.run()',
    );
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    await page.close();
  });

  it('shows all of it without a script, and on paper', async () => {
    const { page } = await open(await writePage(fleetOf(30)), { javaScriptEnabled: false });
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#clusters-table tbody tr').count()).toBe(30);
    expect(await page.locator('form').isVisible()).toBe(false);
    await page.close();
  });

  it('opens and filters 10,000 clusters', async () => {
    const { page, faults } = await open(await writePage(fleetOf(10_000)));
    await page.getByText('10,000 of 10,000 clusters, the first 500 are shown').waitFor();
    expect(await countShown(page)).toBe(500);
    await page.getByLabel('Search').fill('c09999');
    await page.getByText('1 of 10,000 clusters').waitFor();
    expect(await countShown(page)).toBe(1);
    await page.getByLabel('Search').fill('');
    await page.getByRole('button', { name: 'Show all' }).click();
    expect(await countShown(page)).toBe(10_000);
    expect(faults).toEqual([]);
    await page.close();
  });
});
