/** Standalone programs there are: the Bun each is made of, and what kind of file it has to be. */
const target = (bun, format, suffix = '') => ({
  bun,
  bunTarget: `bun-${bun.replace('aarch64', 'arm64')}`,
  executable: `bun${suffix}`,
  suffix,
  format,
});

export const targets = {
  'linux-x64': target('linux-x64', 'ELF x86-64, glibc'),
  'linux-x64-baseline': target('linux-x64-baseline', 'ELF x86-64, glibc'),
  'linux-x64-musl': target('linux-x64-musl', 'ELF x86-64, musl'),
  'linux-arm64': target('linux-aarch64', 'ELF aarch64, glibc'),
  'linux-arm64-musl': target('linux-aarch64-musl', 'ELF aarch64, musl'),
  'darwin-x64': target('darwin-x64', 'Mach-O x86-64'),
  'darwin-arm64': target('darwin-aarch64', 'Mach-O arm64'),
  'windows-x64': target('windows-x64', 'PE x86-64', '.exe'),
};

const elfMachines = { 0x3e: 'x86-64', 0xb7: 'aarch64' };
const machOProcessors = { 0x01000007: 'x86-64', 0x0100000c: 'arm64' };
const peMachines = { 0x8664: 'x86-64', 0xaa64: 'aarch64' };

/** The path of the loader that an ELF program asks for (PT_INTERP), which tells glibc from musl. */
function interpreterOf(bytes) {
  const table = Number(bytes.readBigUInt64LE(32));
  const [size, count] = [bytes.readUInt16LE(54), bytes.readUInt16LE(56)];
  for (let at = table; at < table + size * count; at += size)
    if (bytes.readUInt32LE(at) === 3) {
      const start = Number(bytes.readBigUInt64LE(at + 8));
      return bytes.toString('latin1', start, start + Number(bytes.readBigUInt64LE(at + 32)));
    }
  return '';
}

/** What kind of program a file is, by its own header: format, processor and for ELF the C library. */
export function formatOf(bytes) {
  const magic = bytes.readUInt32BE(0);
  if (magic === 0x7f454c46)
    return `ELF ${elfMachines[bytes.readUInt16LE(18)]}, ${/ld-musl/.test(interpreterOf(bytes)) ? 'musl' : 'glibc'}`;
  if (magic === 0xcffaedfe) return `Mach-O ${machOProcessors[bytes.readUInt32LE(4)]}`;
  if (bytes.toString('latin1', 0, 2) === 'MZ')
    return `PE ${peMachines[bytes.readUInt16LE(bytes.readUInt32LE(60) + 4)]}`;
  return 'no program';
}
