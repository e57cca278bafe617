import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readText } from '../../../src/documents/objects.ts';
import { scratch } from '../../support/paths.ts';

function writeFile(text: string): string {
  const file = join(scratch(), 'a.yaml');
  writeFileSync(file, text);
  return file;
}

it.each([0, 1, 65_535, 65_536, 65_537, 1_200_000])('a file of %i bytes is read whole', (size) => {
  const text = 'abc'.repeat(Math.ceil(size / 3)).slice(0, size);
  const before = writeFile('another');
  const first = readText(before);
  expect(readText(writeFile(text)) === text).toBe(true);
  expect([first, readText(before)]).toEqual(['another', 'another']);
});

it.skipIf(process.platform !== 'linux')('a file that does not say its size is read', () => {
  expect(readText('/proc/self/status')).toMatch(/^Name:[^]*VmRSS/);
});

it('small files take no memory outside of the heap', () => {
  const files = Array.from({ length: 20 }, (_, index) => writeFile(`a: ${index}\n`));
  const before = process.memoryUsage().external;
  const taken = files.map((file) => (readText(file), process.memoryUsage().external - before));
  expect(Math.max(...taken)).toBeLessThan(512 * 1024);
});
