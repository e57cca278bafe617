import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isAbsoluteUrl, normaliseServerUrl } from '../../../src/profile/endpoint/server-url.ts';

const host = fc.oneof(fc.domain(), fc.stringMatching(/^[a-z0-9.-]{1,12}$/), fc.ipV4(), fc.constant('xn--a.example'));
const port = fc.oneof(
  fc.constant(''),
  fc.integer({ min: 0, max: 99_999 }).map((number) => `:${number}`),
);
const path = fc.oneof(fc.constant(''), fc.stringMatching(/^(\/[\w.~-]{0,6}){1,3}$/));
const server = fc.tuple(host, port, path).map((parts) => `https://${parts.join('')}`);

/** Nobody listens on port 0. */
const parses = (text: string): URL | undefined =>
  URL.canParse(text) && new URL(text).port !== '0' ? new URL(text) : undefined;

it('a server is one where the parser of URLs takes it, and keeps what it means', () => {
  fc.assert(
    fc.property(server, (text) => {
      const [ours, theirs] = [normaliseServerUrl(text), parses(text)];
      expect(ours === undefined).toBe(theirs === undefined || theirs.pathname.includes('@'));
      if (ours === undefined) return;
      expect(new URL(ours).href.replace(/\/+$/, '')).toBe(theirs?.href.replace(/\/+$/, ''));
      expect(text.startsWith(ours)).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

it('says which servers only their own machine or cluster reaches', () => {
  const warned = (text: string): boolean => {
    const said: string[] = [];
    const hear = (message: string): void => void said.push(message);
    normaliseServerUrl(text, { warn: hear, partial: hear });
    return said.length > 0;
  };
  for (const local of ['https://localhost', 'https://api.shop.svc', 'https://127.0.0.1:6443', 'https://nas.local'])
    expect(warned(local), local).toBe(true);
  expect(warned('https://api.example.test:6443/k8s/clusters/c-1')).toBe(false);
});

it('takes nothing for absolute that parsers differ about', () => {
  for (const text of [
    'https:///a.example',
    'https:/a.example',
    'a.example:443',
    'https://a.example\\.b',
    'https://a b',
    'https://ex%61mple.com',
    'https://a.example/%zz',
    'https://a.example/#%z',
    'https://a.example:0',
  ]) {
    expect(isAbsoluteUrl(text), text).toBe(false);
  }
  expect(isAbsoluteUrl('https://a.example/%7Ea?b=%zz')).toBe(true);
  expect(isAbsoluteUrl('https://[::1]:6443')).toBe(true);
});
