import { afterEach, describe, expect, it } from 'vitest';
import {
  forgetSecrets,
  maskKnownSecrets,
  rememberGiven,
  rememberSecret,
  rememberSecretsIn,
  rememberUrlPassword,
} from '../../../src/redact/known-secrets.ts';

afterEach(forgetSecrets);

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a secret that a run knows', () => {
  const secret = 'hunter2+/ ümlaut"x';

  it.each([
    ['as it is', (text: string) => text],
    ['in a URL', encodeURIComponent],
    ['in a form', (text: string) => encodeURIComponent(text).replaceAll('%20', '+')],
    ['in a URL with small letters', (text: string) => encodeURIComponent(text).toLowerCase()],
    ['in JSON', (text: string) => JSON.stringify(text).slice(1, -1)],
  ])('is masked %s', (_how, write) => {
    rememberSecret(secret);
    expect(maskKnownSecrets(`said ${write(secret)} to it`)).toBe('said *** to it');
  });

  it('is masked in base64 wherever it stands in what was encoded', () => {
    rememberSecret('correct-horse-battery');
    for (const before of ['', 'a', 'ab', 'admin:'])
      for (const encoding of ['base64', 'base64url'] as const) {
        const encoded = Buffer.from(`${before}correct-horse-battery!`).toString(encoding);
        expect(Buffer.from(maskKnownSecrets(encoded), 'base64').toString()).not.toContain('horse');
      }
  });

  it('is masked when it is broken by line breaks and control characters, and when these are shown', () => {
    rememberSecret('first-line\nsecond-line\u0007third-line');
    for (const text of [
      'first-line second-line third-line',
      String.raw`first-line\nsecond-line\u{7}third-line`,
      'a "second-line" b',
    ])
      expect(maskKnownSecrets(text)).not.toMatch(/first|second|third/);
  });

  it('is not searched for when it is so short that a message has it anyway', () => {
    rememberSecret('admin');
    expect(maskKnownSecrets('the admin said no')).toBe('the admin said no');
  });

  it('is forgotten with its run', () => {
    rememberSecret('hunter2hunter2');
    forgetSecrets();
    expect(maskKnownSecrets('hunter2hunter2')).toBe('hunter2hunter2');
  });
});

it('knows the values of a file by their names', () => {
  rememberSecretsIn({
    type: 'authorized_user',
    client_secret: 'LEAKCANARY-1',
    nested: [{ refresh_token: 'LEAKCANARY-2' }],
  });
  expect(maskKnownSecrets('authorized_user LEAKCANARY-1 LEAKCANARY-2')).toBe('authorized_user *** ***');
});

it('knows the password of a URL, also of what is none', () => {
  for (const url of [
    'https://admin:LEAK%40CANARY@a.example.com',
    'admin:LEAK CANARY@a.example.com',
    'http://a:LEAK/CA#NARY@b',
  ]) {
    forgetSecrets();
    rememberUrlPassword(url);
    const password = /:([^:]*)@/.exec(url)?.[1] ?? '';
    expect(maskKnownSecrets(`x ${password} y`)).toBe('x *** y');
  }
  forgetSecrets();
  rememberUrlPassword('https://alice.smith@a.example.com');
  expect(maskKnownSecrets('alice.smith said no')).toBe('alice.smith said no');
});

it('knows what the environment and the command line give by its name, and no flag and no user', () => {
  rememberGiven({
    env: {
      MY_TOKEN: 'LEAKCANARY-1',
      HTTPS_PROXY: 'admin:LEAKCANARY-2@proxy:3128',
      DATABASE_URL: 'https://u:LEAKCANARY-3@db',
      HOME: '/home/alice',
    },
    argv: [
      'list',
      '--token=LEAKCANARY-4',
      '--password',
      'LEAKCANARY-5',
      '--server',
      'admin:LEAKCANARY-6@x',
      '--as',
      'alice:smith-1@a.example.com',
      '--token',
      '--kubeconfig',
    ],
  });
  const said = maskKnownSecrets([1, 2, 3, 4, 5, 6].map((number) => `LEAKCANARY-${number}`).join(' '));
  expect(said).toBe('*** *** *** *** *** ***');
  expect(maskKnownSecrets('/home/alice smith-1 --kubeconfig')).toBe('/home/alice smith-1 --kubeconfig');
  expect(maskKnownSecrets(base64('x'))).toBe(base64('x'));
});
