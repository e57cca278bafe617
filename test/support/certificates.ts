import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

/** PEM texts. */
export interface Certificate {
  cert: string;
  key: string;
}

interface Validity {
  /** When it begins: an hour ago unless told, and before its end. */
  notBefore?: Date;
  /** When it ends; a year from now unless told, in the past for tests of expired certificates. */
  notAfter?: Date;
}

interface Subject extends Validity {
  /** Kubernetes reads it as the user name. */
  commonName: string;
  /** Kubernetes reads it as a group. */
  organization?: string;
  /** DNS names and IP addresses it is a server certificate for; none makes it a client certificate. */
  hosts?: string[];
  /** A server certificate of old: its Common Name is all it is for. */
  withoutNames?: boolean;
}

export interface Authority {
  cert: string;
  issue(subject: Subject): Certificate;
}

const hour = 3_600_000;
const oids = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
};

// DER (X.690), as much of it as an X.509 certificate takes: node:crypto reads certificates and cannot make one.

function tagged(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Uint8Array[]): Buffer => tagged(0x30, ...parts);
const octets = (content: Uint8Array): Buffer => tagged(0x04, content);
const bits = (content: Uint8Array, unused = 0): Buffer => tagged(0x03, Buffer.from([unused]), content);
const integer = (content: Uint8Array): Buffer => tagged(0x02, content);
const yes = tagged(0x01, Buffer.from([0xff]));

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** UTCTime: two digits of year, so it ends with 2049. */
const time = (at: Date): Buffer =>
  tagged(
    0x17,
    Buffer.from(
      `${at
        .toISOString()
        .replaceAll(/[-:T]|\..*/g, '')
        .slice(2)}Z`,
    ),
  );

function name(subject: Subject): Buffer {
  const attribute = (type: string, value: string): Buffer =>
    tagged(0x31, sequence(oid(type), tagged(0x0c, Buffer.from(value))));
  const { commonName, organization } = subject;
  return sequence(
    ...(organization === undefined ? [] : [attribute(oids.organization, organization)]),
    attribute(oids.commonName, commonName),
  );
}

const extension = (type: string, value: Buffer, critical = false): Buffer =>
  sequence(oid(type), ...(critical ? [yes] : []), octets(value));

function alternativeName(host: string): Buffer {
  if (isIP(host) === 4) return tagged(0x87, Buffer.from(host.split('.').map(Number)));
  return tagged(0x82, Buffer.from(host));
}

const authorityExtensions = (): Buffer[] => [
  extension(oids.basicConstraints, sequence(yes), true),
  extension(oids.keyUsage, bits(Buffer.from([0x06]), 1), true), // keyCertSign, cRLSign
];

function leafExtensions({ hosts = [], withoutNames = false }: Subject): Buffer[] {
  const usage = extension(oids.keyUsage, bits(Buffer.from([0x80]), 7), true); // digitalSignature
  if (withoutNames) return [usage, extension(oids.extendedKeyUsage, sequence(oid(oids.serverAuth)))];
  if (hosts.length === 0) return [usage, extension(oids.extendedKeyUsage, sequence(oid(oids.clientAuth)))];
  return [
    usage,
    extension(oids.extendedKeyUsage, sequence(oid(oids.serverAuth))),
    extension(oids.subjectAltName, sequence(...hosts.map(alternativeName))),
  ];
}

interface Body {
  subject: Subject;
  issuer: Subject;
  publicKey: KeyObject;
  extensions: Buffer[];
}

function signed({ subject, issuer, publicKey, extensions }: Body, issuerKey: KeyObject): string {
  const notAfter = subject.notAfter ?? new Date(Date.now() + 365 * 24 * hour);
  const notBefore = subject.notBefore ?? new Date(Math.min(Date.now(), notAfter.getTime()) - hour);
  const algorithm = sequence(oid(oids.ecdsaWithSha256));
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40; // positive, and no leading zero
  const content = sequence(
    tagged(0xa0, integer(Buffer.from([2]))), // version 3
    integer(serial),
    algorithm,
    name(issuer),
    sequence(time(notBefore), time(notAfter)),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const der = sequence(content, algorithm, bits(sign('sha256', content, issuerKey)));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

export const keyPair = (): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' });

export const pemOf = (key: KeyObject): string =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString();

/** A certificate authority of its own, kept in memory. */
export function createAuthority(commonName: string, validity: Validity = {}): Authority {
  const issuer = { commonName, ...validity };
  const { publicKey, privateKey } = keyPair();
  return {
    cert: signed({ subject: issuer, issuer, publicKey, extensions: authorityExtensions() }, privateKey),
    issue(subject) {
      const leaf = keyPair();
      const extensions = leafExtensions(subject);
      return {
        cert: signed({ subject, issuer, publicKey: leaf.publicKey, extensions }, privateKey),
        key: pemOf(leaf.privateKey),
      };
    },
  };
}
