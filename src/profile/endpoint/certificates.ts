interface Validity {
  from: number;
  to: number;
}

/** What a `certificate-authority-data` holds. */
export interface Bundle {
  /** Why it is no bundle of certificates. */
  defect?: { message: string; hint?: string; severity?: 'warning' };
  /** PEM as it is: the usual way to fail at base64. */
  plain: boolean;
  /** Base64 of base64. */
  twice: boolean;
  privateKey: boolean;
  validity: Validity[];
}

/** A certificate in a PEM text, as clients look for it. */
export const pemBlock = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;

interface DerElement {
  tag: number;
  from: number;
  to: number;
}

/** The DER element (X.690) at an offset; throws a RangeError at the end of the bytes. */
function readElement(der: Buffer, at: number): DerElement {
  const short = der.readUInt8(at + 1);
  if (short < 0x80) return { tag: der.readUInt8(at), from: at + 2, to: at + 2 + short };
  const size = short & 0x7f;
  const from = at + 2 + size;
  return { tag: der.readUInt8(at), from, to: from + der.readUIntBE(at + 2, size) };
}

const derTimeSyntax = /^(\d\d|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** UTCTime or GeneralizedTime of RFC 5280: whole seconds, UTC. */
function readTime(der: Buffer, { from, to }: DerElement): number {
  const parts =
    derTimeSyntax
      .exec(der.toString('latin1', from, to))
      ?.slice(1)
      .map(Number) ?? [];
  const [year = Number.NaN, month = 1, ...rest] = parts;
  const full = to - from > 13 ? year : year < 50 ? 2000 + year : 1900 + year;
  return Date.UTC(full, month - 1, ...rest);
}

/** Where the validity stands in nearly every certificate; a longer issuer is left to OpenSSL. */
const decodeHead = (base64: string): Buffer => Buffer.from(base64.slice(0, 1000), 'base64');

/**
 * The validity out of a certificate's first bytes, 50 times quicker than OpenSSL; `undefined` for what is not as
 * expected, such as a certificate that is cut off.
 */
function readQuickValidity(base64: string): Validity | undefined {
  const der = decodeHead(base64);
  try {
    const certificate = readElement(der, 0);
    const body = readElement(der, certificate.from);
    let part = readElement(der, body.from);
    // The version is there from v2 on; then serial number, algorithm, issuer.
    if (part.tag === 0xa0) part = readElement(der, part.to);
    for (let skipped = 0; skipped < 3; skipped++) part = readElement(der, part.to);
    const from = readElement(der, part.from);
    const validity = { from: readTime(der, from), to: readTime(der, readElement(der, from.to)) };
    const whole = certificate.tag === 0x30 && certificate.to <= (base64.length / 4) * 3;
    return whole && !Number.isNaN(validity.from) && !Number.isNaN(validity.to) ? validity : undefined;
  } catch {
    return undefined;
  }
}

function readValidity(base64: string): Validity | undefined {
  const quick = readQuickValidity(base64);
  if (quick) return quick;
  try {
    // Loaded when a certificate is unusual: to load it takes longer than to read many others.
    const { X509Certificate } = process.getBuiltinModule('node:crypto');
    const { validFrom, validTo } = new X509Certificate(Buffer.from(base64, 'base64'));
    return { from: Date.parse(validFrom), to: Date.parse(validTo) };
  } catch {
    return undefined;
  }
}

const isPrivateKey = (text: string): boolean =>
  text.includes('PRIVATE KEY-----') && /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text);

const encode = 'encode the PEM file in base64, without line breaks';
const describeDefect = (message: string, hint = encode): { defect: { message: string; hint: string } } => ({
  defect: { message: `certificate-authority-data ${message}`, hint },
});

/** The validity of each CERTIFICATE block of a PEM text; `undefined` for one that is no X.509 certificate. */
const readBlocks = (pem: string): (Validity | undefined)[] =>
  Array.from(pem.matchAll(pemBlock), ([, base64 = '']) => readValidity(base64));

/** The first CERTIFICATE block of a PEM text that is no X.509 certificate, counted from 1; 0 for none. */
export const findBrokenBlock = (pem: string): number => readBlocks(pem).indexOf(undefined) + 1;

/** Reads CA data as far as it goes. Never throws, and never quotes it. */
export function readBundle(data: string): Bundle {
  const plain = data.trimStart().startsWith('-----BEGIN');
  const pem = plain ? data : Buffer.from(data, 'base64').toString('latin1');
  const twice = pem.startsWith('LS0tLS1CRUdJTi');
  const bundle: Bundle = { plain, twice, privateKey: isPrivateKey(pem), validity: [] };
  if (plain) return { ...bundle, ...describeDefect('is PEM, it must be base64 of PEM') };
  if (twice) return { ...bundle, ...describeDefect('is encoded twice') };
  const validity = readBlocks(pem);
  if (validity.length === 0) return { ...bundle, ...describeDefect('holds no CERTIFICATE block') };
  bundle.validity = validity.filter((each) => each !== undefined);
  const broken = validity.indexOf(undefined) + 1;
  if (broken === 0) return bundle;
  const defect = describeDefect(`has no X.509 certificate in block ${broken}`, 'take the block out').defect;
  // Placeholders are common, and what is wrong inside of a block keeps nobody from reading the profile.
  return { ...bundle, defect: { ...defect, severity: 'warning' } };
}
