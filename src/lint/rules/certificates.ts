import { X509Certificate } from 'node:crypto';

export interface Validity {
  from: number;
  to: number;
}

/** What a `certificate-authority-data` holds. */
export interface Bundle {
  /** Why it is no bundle of certificates. */
  defect?: { message: string; hint?: string };
  /** PEM as it is: the usual way to fail at base64. */
  plain: boolean;
  privateKey: boolean;
  validity: Validity[];
}

const block = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;

interface Element {
  tag: number;
  from: number;
  to: number;
}

/** The DER element (X.690) at an offset; throws a RangeError at the end of the bytes. */
function element(der: Buffer, at: number): Element {
  const short = der.readUInt8(at + 1);
  if (short < 0x80) return { tag: der.readUInt8(at), from: at + 2, to: at + 2 + short };
  const size = short & 0x7f;
  const from = at + 2 + size;
  return { tag: der.readUInt8(at), from, to: from + der.readUIntBE(at + 2, size) };
}

const timeSyntax = /^(\d\d|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** UTCTime or GeneralizedTime of RFC 5280: whole seconds, UTC. */
function timeOf(der: Buffer, { from, to }: Element): number {
  const parts =
    timeSyntax
      .exec(der.toString('latin1', from, to))
      ?.slice(1)
      .map(Number) ?? [];
  const [year = Number.NaN, month = 1, ...rest] = parts;
  const full = to - from > 13 ? year : year < 50 ? 2000 + year : 1900 + year;
  return Date.UTC(full, month - 1, ...rest);
}

/** Where the validity stands in nearly every certificate; a longer issuer is left to OpenSSL. */
const headOf = (base64: string): Buffer => Buffer.from(base64.slice(0, 1000), 'base64');

/**
 * The validity out of a certificate's first bytes, 50 times quicker than OpenSSL; `undefined` for what is not as
 * expected, such as a certificate that is cut off.
 */
function quickValidity(base64: string): Validity | undefined {
  const der = headOf(base64);
  try {
    const certificate = element(der, 0);
    const body = element(der, certificate.from);
    let part = element(der, body.from);
    // The version is there from v2 on; then serial number, algorithm, issuer.
    if (part.tag === 0xa0) part = element(der, part.to);
    for (let skipped = 0; skipped < 3; skipped++) part = element(der, part.to);
    const from = element(der, part.from);
    const validity = { from: timeOf(der, from), to: timeOf(der, element(der, from.to)) };
    const whole = certificate.tag === 0x30 && certificate.to <= (base64.length / 4) * 3;
    return whole && !Number.isNaN(validity.from) && !Number.isNaN(validity.to) ? validity : undefined;
  } catch {
    return undefined;
  }
}

function validityOf(base64: string): Validity | undefined {
  const quick = quickValidity(base64);
  if (quick) return quick;
  try {
    const { validFrom, validTo } = new X509Certificate(Buffer.from(base64, 'base64'));
    return { from: Date.parse(validFrom), to: Date.parse(validTo) };
  } catch {
    return undefined;
  }
}

const isPrivateKey = (text: string): boolean =>
  text.includes('PRIVATE KEY-----') && /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text);

const encode = 'encode the PEM file in base64, without line breaks';
const defect = (message: string, hint = encode): Pick<Bundle, 'defect'> => ({
  defect: { message: `certificate-authority-data ${message}`, hint },
});

/** Reads CA data as far as it goes. Never throws, and never quotes it. */
export function readBundle(data: string): Bundle {
  const plain = data.trimStart().startsWith('-----BEGIN');
  const pem = plain ? data : Buffer.from(data, 'base64').toString('latin1');
  const bundle: Bundle = { plain, privateKey: isPrivateKey(pem), validity: [] };
  if (plain) return { ...bundle, ...defect('is PEM, it must be base64 of PEM') };
  if (pem.startsWith('LS0tLS1CRUdJTi')) return { ...bundle, ...defect('is encoded twice') };
  const validity = Array.from(pem.matchAll(block), ([, base64 = '']) => validityOf(base64));
  if (validity.length === 0) return { ...bundle, ...defect('holds no CERTIFICATE block') };
  bundle.validity = validity.filter((each) => each !== undefined);
  const broken = validity.indexOf(undefined);
  return broken === -1
    ? bundle
    : { ...bundle, ...defect(`has no X.509 certificate in block ${broken + 1}`, 'take the block out') };
}
