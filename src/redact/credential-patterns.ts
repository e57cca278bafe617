import { isCredentialField, isCredentialName, isTokenParameter } from './credential-names.ts';
import { findPairs, isPasswordLike, isTokenLike, pairSign } from './credential-pairs.ts';

/** What a URL with user information holds. */
export const passwordInUrl = 'a password in a URL';
/** What a URL with a token among its parameters holds. */
export const tokenInUrl = 'a token in a URL';

/** What stands for a credential in a message. */
export const mask = '***';

/** Where in a text something is, and what it is. */
interface Finding {
  what: string;
  start: number;
  end: number;
}

/**
 * What a credential looks like: what every text with one has in it, which is quick to see, where one begins and ends, and
 * whether a match is one. The first group is no part of it.
 */
interface CredentialPattern {
  what: string;
  sign: string;
  /** The sign is the whole of it when absent. */
  whole?: string;
  judge?: (credential: string, match: RegExpExecArray) => boolean;
}

const decode = (base64: string): string => Buffer.from(base64, 'base64').toString('latin1');

const pemKey = String.raw`-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----`;
const bearer = '(?:bearer|Bearer|BEARER)';
const basic = '(?:basic|Basic|BASIC)';
const user = String.raw`[^\s/?#@:[]{0,256}`;

/** Tokens that begin with a word and a mark of their issuer. */
const marked: readonly (readonly [what: string, prefix: string, rest: string])[] = [
  ['a token of EKS', String.raw`k8s-aws-v1\.`, String.raw`[\w-]{8,}`],
  ['a Google access token', String.raw`ya29\.`, String.raw`[\w.-]{10,}`],
  ['a client secret of Google', 'GOCSPX-', String.raw`[\w-]{16,}`],
  ['a GitHub token', 'gh[pousr]_', '[A-Za-z0-9]{30,}'],
  ['a GitHub token', 'github_pat_', '[A-Za-z0-9_]{30,}'],
  [
    'a GitLab token',
    'gl(?:pat|ptt|dt|rt|rtr|cbt|agent|soat|ft|imt|oas|ffct|wt)-',
    String.raw`[\w-]{16,}(?:\.[\w.-]*)?`,
  ],
  ['a Slack token', 'xox[abeprs]-', '[A-Za-z0-9-]{10,}'],
  ['a Vault token', String.raw`hv[sbr]\.`, String.raw`[\w-]{10,}`],
  ['an OpenShift token', 'sha256~', String.raw`[\w-]{16,}`],
  ['a DigitalOcean token', 'do[opr]_v1_', '[0-9a-f]{32,}'],
  ['a Docker token', 'dckr_pat_', String.raw`[\w-]{20,}`],
  ['an API key', '(?<!-)sk-', String.raw`(?=[A-Za-z]{0,64}\d)(?=\d{0,64}[A-Za-z])[A-Za-z0-9]{20,}`],
  [
    'an API key',
    '(?<!-)sk-',
    String.raw`(?:proj|svcacct|admin|ant)-(?=[A-Za-z_-]{0,200}\d)(?=[a-z\d_-]{0,200}[A-Z])[\w-]{20,}`,
  ],
  ['an npm token', 'npm_', '[A-Za-z0-9]{36}'],
  ['a token of a kubeconfig', 'kubeconfig-u(?:ser)?-[a-z0-9.-]{2,80}:', '[A-Za-z0-9]{10,}'],
  ['an API token', 'token-[a-z0-9]{5}:', '[A-Za-z0-9]{10,}'],
];

/** Of random letters and digits: a digest has no capitals, and words of a path or a type change less often. */
const isMixed = (text: string): boolean =>
  /[A-Z]/.test(text) && (text.match(/[a-z](?![a-z])|[A-Z](?![A-Z])|\d(?!\d)/g)?.length ?? 0) >= 20;

/** How something is encoded or hashed, which has a digit in it and is a word. */
const namesEncoding = /^(?:base|sha|md|bcrypt|argon|pbkdf|aes|utf|rot|ascii)-?\d/i;

/** Of kubeadm: random, where a host such as `worker.gke0123456789abc` has its digits in one place. */
function isBootstrapToken(token: string): boolean {
  const [id = '', secret = ''] = token.split('.');
  const isRandom = /\d/.test(id) || /^\d/.test(secret) || (secret.match(/\d(?=[a-z])|[a-z](?=\d)/g)?.length ?? 0) >= 3;
  return /[a-z]/.test(id) && isRandom && /\d.*\d/.test(secret) && /[a-z].*[a-z]/.test(secret);
}

const isNoMask = (credential: string): boolean => !credential.startsWith(mask);

/** All of them at once, from the mark backwards. */
const markedSign = `[-_.~:](?<=\\b(?:${marked.map(([, prefix]) => prefix).join('|')}))`;

/** Words before an address of a person or an account. */
const addressed =
  /^(?:mailto|users?|groups?|domain|serviceaccount|deleted|principal|acct|sips?|e?mail|owner|upn|by|from|to|contact|account|member|caller|requester|subject|spiffe|system)$/i;

/**
 * What credentials look like. Used to find them, and to keep them out of every message. Repetitions are bounded, so that
 * no text takes long.
 */
const credentialPatterns: readonly CredentialPattern[] = [
  {
    what: 'a PEM private key',
    sign: pemKey,
    whole: String.raw`${pemKey}(?:[^]{0,20000}?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[^]*)`,
  },
  // From a dot backwards: a text of nothing but beginnings would take long forwards.
  {
    what: 'a JSON Web Token',
    sign: String.raw`\.(?<=\beyJ[\w-]{6,4000}\.)(?:eyJ[\w-]{6}|[\w-]{0,4000}\.[\w-]{4})`,
    whole: String.raw`\.(?<=\beyJ[\w-]{6,4000}\.)(?:eyJ[\w-]{6}|[\w-]{0,4000}\.[\w-]{4})[\w-]*(?:\.[\w-]*){0,3}`,
  },
  {
    what: 'a bearer token',
    sign: bearer,
    whole: String.raw`(\b${bearer}(?:[\s:=]{1,9}|%20)["']?)[A-Za-z0-9._~+/=-]{8,}`,
    judge: isTokenLike,
  },
  {
    what: 'a password of basic authentication',
    sign: basic,
    whole: String.raw`(\b${basic}(?:\s{1,9}|%20))[A-Za-z0-9+/_-]{6,}={0,2}`,
    judge: (credential) => /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(decode(credential)),
  },
  { what: 'an AWS access key', sign: String.raw`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b` },
  {
    what: 'a secret access key of AWS',
    sign: String.raw`(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_-])`,
    judge: isMixed,
  },
  {
    what: 'a bootstrap token',
    sign: String.raw`\b[a-z0-9]{6}\.[a-z0-9]{16}\b`,
    whole: String.raw`(?<![\w.-])[a-z0-9]{6}\.[a-z0-9]{16}(?![\w-]|\.\w)`,
    judge: isBootstrapToken,
  },
  {
    what: 'a token to join K3s',
    sign: String.raw`\bK10[0-9a-f]{16}`,
    whole: String.raw`\bK10[0-9a-f]{16,128}::[^\s"'\x60,;<>]{1,256}`,
  },
  { what: 'a Google API key', sign: String.raw`\bAIza[0-9A-Za-z_-]{35}` },
  ...marked.map(([what, prefix, rest]) => ({ what, sign: markedSign, whole: `\\b${prefix}${rest}` })),
  // To the last `@`: a password may have one in it, and what a URL must not have.
  {
    what: passwordInUrl,
    sign: String.raw`:\/\/${user}:[^\s]{1,256}@`,
    whole: String.raw`(:\/\/)${user}:(?:[^\s/?#]{1,256}|(?!\d{0,5}[/?#,])[^\s,"'<>]{1,256})(?=@)`,
  },
  {
    what: tokenInUrl,
    sign: String.raw`:\/\/[^\s/?#@:[]{20,256}@`,
    whole: String.raw`(:\/\/)[^\s/?#@:[]{20,256}(?=@)`,
    judge: isTokenLike,
  },
  {
    what: tokenInUrl,
    sign: String.raw`[?&;][\w.~-]{1,64}=`,
    whole: String.raw`([?&;]([\w.~-]{1,64})=)(?![$<{(*])[^\s"'&;#<>\\]{2,}`,
    judge: (credential, [, , name = '']) =>
      isTokenParameter(name) && (isCredentialField(name, credential) || isTokenLike(credential)),
  },
  {
    what: 'a password',
    sign: '@(?=[A-Za-z0-9])(?<=:[^\\s/:@]{4,64}@)',
    whole: String.raw`((?<![\w.+/-])([A-Za-z][\w.+-]{0,63}):)(?=\S{0,64}[A-Z\d!$%^*])[^\s/:@"']{4,64}(?=@[\w-]{1,63}(?:\.[\w-]{1,63})+)`,
    judge: (_credential, [, , name = '']) => !addressed.test(name),
  },
  {
    // With a port behind it, the host is one of a server, whatever the user is called.
    what: 'a password',
    sign: '@(?=[A-Za-z0-9])(?<=:[^\\s/:@]{4,64}@)',
    whole: String.raw`((?<![\w.+/-])([A-Za-z][\w.+-]{0,63}):)(?=\S{0,64}[A-Z\d!$%^*])[^\s/:@"']{4,64}(?=@[\w-]{1,63}(?:\.[\w-]{1,63}){0,9}:\d{2,5}(?!\d))`,
  },
  {
    what: 'a password',
    sign: '[Pp]assword ["\']',
    whole: String.raw`([Pp]assword ["'])(?=[^"'\s]{0,64}[\d!$%^*])[^"'\s]{4,}(?=["'])`,
  },
  {
    what: 'a password',
    sign: '[Pp]ass(?:word|phrase) is:? ',
    whole: String.raw`([Pp]ass(?:word|phrase) is:? ["']?)(?=[^\s"',;]{0,64}\d)(?=[^\s"',;]{0,64}[A-Za-z])[^\s"',;]{4,64}`,
    judge: (credential) => isPasswordLike(credential.replace(/[.:!?]+$/, ''), false) && !namesEncoding.test(credential),
  },
  {
    what: 'a credential of a command line',
    sign: String.raw`--[a-z][\w-]{2,40}[ =]`,
    whole: String.raw`(--([a-z][\w-]{2,40})[ =]{1,2}["']?)(?!-)[^\s"',;\])]{3,256}`,
    judge: (credential, [, , name = '']) =>
      isCredentialName(name) && isPasswordLike(credential.replace(/[.:!?]+$/, ''), false),
  },
  {
    what: 'a cookie',
    sign: String.raw`[Cc]ookie["']?: {0,3}["']?[\w!#$%&'*+.^|~-]{1,256}=`,
    whole: String.raw`([Cc]ookie["']?: {0,3}["']?)[\w!#$%&'*+.^|~-]{1,256}=[^\r\n"'\\]{1,4096}`,
  },
  {
    what: 'a key',
    sign: String.raw`\b[Kk]ey=`,
    whole: String.raw`((?<![\w./-])[Kk]ey=["']?)[^\s"'&;,/.]{8,256}(?![^\s"'&;,])`,
    judge: isTokenLike,
  },
  {
    what: 'a service account key',
    sign: '"private_key',
    whole: String.raw`("private_key(?:_id)?"\s{0,9}:\s{0,9}"?)[^"]+`,
    judge: isNoMask,
  },
  {
    what: 'a client secret of Azure',
    sign: 'Q~',
    whole: String.raw`(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])`,
  },
  {
    what: 'the user of a kubeconfig',
    sign: '(?:client-key-data|token|password)"?[ \t]{0,9}:[ \t]',
    whole: String.raw`^([ \t"{-]{1,80}(?:client-key-data|token|password)"?[ \t]{0,9}:[ \t]{0,9}["']?)[^\s"'{[*][^\s"']{7,}`,
  },
  {
    what: 'a token',
    sign: '(?:[Tt]oken|[Pp]assword|[Ss]ecret|[Kk]ey) {1,3}["\']?[A-Za-z0-9+/_=.~-]{16}',
    whole: String.raw`(\b(?:[Tt]oken|[Pp]assword|[Ss]ecret|[Kk]ey) {1,3}["']?)(?=[A-Za-z0-9+/_=.~-]{0,64}\d)(?:(?=[a-z0-9+/_=.~-]{0,64}[A-Z])[A-Za-z0-9+/_=.~-]{16,}|[a-z0-9]{24,})`,
    judge: (credential) => isTokenLike(credential) && !/^[\dA-F]{8}-|[/.]/.test(credential),
  },
];

/** Behind its name, as in `password=…`. */
const namedCredential = 'a credential behind its name';

const signs = new Set([...credentialPatterns.map(({ sign }) => `(?:${sign})`), pairSign]);
const any = new RegExp([...signs].join('|'));

const compiled = credentialPatterns.map(({ what, sign, whole = sign, judge }) => ({
  what,
  judge,
  pattern: new RegExp(whole, 'gm'),
}));

/** Where a run of the characters of a token begins, for a match that is known by a dot in the middle of it. */
const findRunStart = (text: string, at: number): number => {
  let start = at;
  while (start > 0 && /[\w-]/.test(text[start - 1] ?? '')) start--;
  return start;
};

function findPatterns(text: string): Finding[] {
  return compiled.flatMap(({ what, pattern, judge }) =>
    [...text.matchAll(pattern)].flatMap((match): Finding[] => {
      const [all, prefix = ''] = match;
      const end = match.index + all.length;
      const start = all.startsWith('.') ? findRunStart(text, match.index) : match.index + prefix.length;
      return judge && !judge(text.slice(start, end), match) ? [] : [{ what, start, end }];
    }),
  );
}

/** The shortest text that any of the patterns finds something in. */
const shortest = 8;

function findPlain(text: string): Finding[] {
  if (text.length < shortest || !any.test(text)) return [];
  const pairs = findPairs(text).map(([start, end]): Finding => ({ what: namedCredential, start, end }));
  return [...findPatterns(text), ...pairs];
}

/** Base64 of at least 24 bytes; shorter texts hold none of the above. */
const base64Word = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{32,}={0,2}|(?<![\w-])[\w-]{32,}={0,2}/g;
const base64Sign = new RegExp(base64Word.source);
const base64Text = /^[A-Za-z0-9+/_\s-]{32,}={0,2}$/;

/** What a word in base64 holds. */
const findInWord = (word: string, start: number): Finding[] => {
  const [found] = findPlain(decode(word));
  return found ? [{ what: found.what, start, end: start + word.length }] : [];
};

/** Words in base64 that hold a credential, or the text as a whole where it is base64 in lines. */
function findEncoded(text: string): Finding[] {
  if (text.length < 32 || !base64Sign.test(text)) return [];
  const words = [...text.matchAll(base64Word)].filter(([word]) => /[A-Z]/.test(word));
  const found = words.flatMap(({ 0: word, index }) => findInWord(word, index));
  return found.length === 0 && /\s/.test(text) && base64Text.test(text.trimEnd()) ? findInWord(text, 0) : found;
}

/** What kind of credential a text holds, as it is or in base64. */
export const detectCredential = (text: string): string | undefined =>
  (findPlain(text)[0] ?? findEncoded(text)[0])?.what;

/** What kind of credential a named text holds, by what it says or by its name. */
export const detectCredentialField = (name: string, value: string): string | undefined =>
  detectCredential(value) ?? (isCredentialField(name, value) ? 'a credential, by its name' : undefined);

/** True where any text in a value is a credential, by what it says or by its name. */
export function holdsCredential(content: unknown, name = ''): boolean {
  if (typeof content === 'string') return detectCredentialField(name, content) !== undefined;
  if (typeof content !== 'object' || content === null) return false;
  if (Array.isArray(content)) return content.some((item) => holdsCredential(item));
  return Object.entries(content).some(
    ([key, inner]) => detectCredential(key) !== undefined || holdsCredential(inner, key),
  );
}

/** A text with `***` for every credential in it, the rest as it was. */
export function maskCredentials(text: string): string {
  const found = [...findPlain(text), ...findEncoded(text)].toSorted((a, b) => a.start - b.start);
  let masked = '';
  let at = 0;
  for (const { start, end } of found) {
    if (start >= at) masked += text.slice(at, start) + mask;
    at = Math.max(at, end);
  }
  return masked + text.slice(at);
}
