import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { usageError, UserError } from '../errors.ts';

const mebibyte = 1024 * 1024;

/** Bytes that one file may have, and all that are named together. */
const usual = { file: 64 * mebibyte, run: 256 * mebibyte };

let limit = usual;
let taken = 0;

const units: readonly (readonly [name: string, bytes: number])[] = [
  ['', 1],
  ['Ki', 1024],
  ['Mi', mebibyte],
  ['Gi', 1024 * mebibyte],
  ['k', 1000],
  ['M', 1000 ** 2],
  ['G', 1000 ** 3],
];

/** Units in which a limit is said, where it is a whole number of them. */
const byteUnits: readonly (readonly [name: string, bytes: number])[] = [
  ['MiB', mebibyte],
  ['MB', 1000 ** 2],
  ['KiB', 1024],
  ['kB', 1000],
];

/** Bytes as Kubernetes writes a quantity: `512Mi`, `1G`. */
export function parseSize(text: string): number {
  const [, amount, name] = /^(\d+)([A-Za-z]*)$/.exec(text) ?? [];
  const unit = units.find(([each]) => each === name)?.[1];
  if (amount === undefined || unit === undefined || Number(amount) === 0)
    throw usageError(`--max-input takes a size such as 512Mi or 1Gi, not ${JSON.stringify(text)}`);
  return Number(amount) * unit;
}

/** Begins a run, with the usual limits or with what `--max-input` says. */
export function startInputLimit(given: string | undefined): void {
  const most = given === undefined ? undefined : parseSize(given);
  limit = most === undefined ? usual : { file: most, run: most };
  taken = 0;
}

/** A number of bytes in the largest unit that it has one of, exact to the last byte. */
function describeBytes(bytes: number): string {
  const [name, size] = byteUnits.find(([, each]) => bytes >= each && bytes % each === 0) ?? ['bytes', 1];
  return `${bytes / size} ${name}`;
}

const describeTooLarge = (where: string, most: number, what: string): UserError =>
  new UserError(`${where}: larger than ${describeBytes(most)} (limit of ${what})`, { hint: '--max-input allows more' });

/** Refuses a file that is larger than one may be. */
export function assertFileSize(bytes: number, where: string): void {
  if (bytes > limit.file) throw describeTooLarge(where, limit.file, 'one file');
}

/** Counts what was read of the input, and refuses more than a run may read. */
export function countInput(bytes: number, where: string): void {
  taken += bytes;
  if (taken > limit.run) throw describeTooLarge(`${where} and what was read before it`, limit.run, 'all files');
}

/** Where the bytes of small files stand, one after the other: memory outside of the heap made for each costs more than to read it. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

const growBuffer = (bytes: Buffer): Buffer => Buffer.concat([bytes], bytes.length + Math.max(bytes.length, mebibyte));

/** What `use` makes of the bytes of a file, a device among them, which may have no end. They are its own until it returns. */
export function readBytesOf<T>(path: string, use: (bytes: Buffer) => T): T {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    assertFileSize(size, path);
    let bytes: Buffer = size < scratch.length ? scratch : Buffer.allocUnsafe(size + 1);
    let length = 0;
    // A device and a file of /proc do not say their size.
    for (;;) {
      const read = readSync(fd, bytes, length, bytes.length - length, null);
      if (read === 0) return use(bytes.subarray(0, length));
      length += read;
      assertFileSize(length, path);
      if (length === bytes.length) bytes = growBuffer(bytes);
    }
  } finally {
    closeSync(fd);
  }
}
