import { describe, expect, it } from 'vitest';
import { detectCredential, maskCredentials } from '../../../src/redact/credential-patterns.ts';
import { isCredentialField, isCredentialName, isTokenParameter } from '../../../src/redact/credential-names.ts';
import { cpuTimeOf } from '../../support/cpu.ts';
import { jwt, privateKey } from '../../support/profiles.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Texts with a credential, and what is left of them. */
const masked: readonly (readonly [text: string, left: string])[] = [
  [jwt, '***'],
  [`could not log in: Bearer ${jwt} was refused`, 'could not log in: Bearer *** was refused'],
  [`the key is ${privateKey.trim()} and more`, 'the key is *** and more'],
  ['-----BEGIN PRIVATE KEY----- MIIE -----END PRIVATE KEY----- is no key', '*** is no key'],
  ['Get https://admin:LEAKCANARY@a.example.com/healthz: refused', 'Get https://***@a.example.com/healthz: refused'],
  ['parse "https://admin:LEAK#CANARY@host": invalid port', 'parse "https://***@host": invalid port'],
  ['https://admin:LEAK@CANARY@a.example.com/x', 'https://***@a.example.com/x'],
  ['https://LEAKCANARYabcdef1234567@git.example.com/x', 'https://***@git.example.com/x'],
  ['admin:LEAKCANARY@a.example.com said no', 'admin:***@a.example.com said no'],
  ['https://a.example.com/?a=b&token=LEAK', 'https://a.example.com/?a=b&token=***'],
  ['https://a.example.com/?sig=LEAKCANARY1#x', 'https://a.example.com/?sig=***#x'],
  ['https://vault.example.com/v1/hvs.LEAKCANARYaaaaaaaaaa/x', 'https://vault.example.com/v1/***/x'],
  ['https://git.example.com/glpat-LEAKCANARYaaaaaaaaaa/x', 'https://git.example.com/***/x'],
  ['https://git.example.com/glrt-LEAKCANARYaaaaaaaaaa', 'https://git.example.com/***'],
  ['https://a.example.com/v3/kubeconfig-u-abcde:LEAKCANARYabcdef refused', 'https://a.example.com/v3/*** refused'],
  ['a key AKIALEAKCANARYAAAAAA', 'a key ***'],
  ['signed with LEAKCANARY/1b2C3d4E5f6G7h8I9j0K+lMnOpQrS, refused', 'signed with ***, refused'],
  ['join with 1eakcc.leakcanary012345 was refused', 'join with *** was refused'],
  ['join with canary.01eakcanary23456 was refused', 'join with *** was refused'],
  ['join with abcdef.0123456789abcdef was refused', 'join with *** was refused'],
  [`k3s agent --server x K10${'0a'.repeat(32)}::server:0123456789abcdef`, 'k3s agent --server x ***'],
  [`K10${'0a'.repeat(32)}::LEAKCANARY is no token`, '*** is no token'],
  ['docker: dckr_pat_LEAKCANARY0123456789abc was refused', 'docker: *** was refused'],
  ['a model refused sk-LEAKCANARY0123456789abc', 'a model refused ***'],
  ['a model refused sk-proj-LEAK-CANARY_0123456789abc', 'a model refused ***'],
  ['the passphrase is LEAKCANARY1, keep it', 'the passphrase is ***, keep it'],
  ['your password is "LEAKCANARY1"', 'your password is "***"'],
  ['ya29.LEAKCANARYaaaaaaaaaa expired', '*** expired'],
  ['sha256~LEAKCANARYaaaaaaaaaaaaaaa expired', '*** expired'],
  ['login with password=LEAKCANARY failed', 'login with password=*** failed'],
  ['login with pw=LEAKCANARY failed', 'login with pw=*** failed'],
  ['proxy user:LEAKCANARY1@proxy.example:3128', 'proxy user:***@proxy.example:3128'],
  ['dial u:LEAKCANARY1@h:6443 failed', 'dial u:***@h:6443 failed'],
  ['password=a,LEAKCANARY', 'password=***'],
  ['password: LEAKCANARY', 'password: ***'],
  ['the password "LEAKCANARY1" is wrong', 'the password "***" is wrong'],
  ['token: LEAKCANARY', 'token: ***'],
  ['token: |\n  LEAKCANARY12', 'token: |\n  ***'],
  ['client_secret=LEAKCANARY&grant_type=x', 'client_secret=***'],
  ['aws_secret_access_key = LEAK/CANARY', 'aws_secret_access_key = ***'],
  ['AccountKey=LEAKCANARY==;EndpointSuffix=x', 'AccountKey=***'],
  ['{"access_token":"LEAKCANARY","x":1}', '{"access_token":"***","x":1}'],
  [String.raw`{\"password\":\"LEAK1\"}`, String.raw`{\"password\":\"***\"}`],
  ['{"password":"two words LEAK"}', '{"password":"***"}'],
  [`Authorization: Basic ${base64('admin:LEAKCANARY')} refused`, 'Authorization: *** refused'],
  ['Authorization: Bearer LEAKCANARY refused', 'Authorization: *** refused'],
  ['Authorization: Bearer abcdefghijkl refused', 'Authorization: *** refused'],
  ['X-Vault-Token:[s.LEAKCANARY12]', 'X-Vault-Token:[***'],
  [`it sent Basic ${base64('admin:LEAKCANARY')}`, 'it sent Basic ***'],
  ['Bearer%20LEAKCANARY1 was refused', 'Bearer%20*** was refused'],
  ['invalid token abcdefABCDEF1234567890', 'invalid token ***'],
  ['users:\n- user:\n    token: LEAKCANARY0', 'users:\n- user:\n    token: ***'],
  ['exec: plugin --token LEAKCANARY --password LEAK2 failed', 'exec: plugin --token *** --password *** failed'],
  ['helm --client-secret="LEAKCANARY1" exited', 'helm --client-secret="***" exited'],
  ['Set-Cookie: R_SESS=token-abc:LEAKCANARY; Path=/; HttpOnly', 'Set-Cookie: ***'],
  ['sent Cookie: session=LEAKCANARY', 'sent Cookie: ***'],
  ['GET /v1?x with key=LEAKCANARY was refused', 'GET /v1?x with key=*** was refused'],
  [base64('users:\n- user:\n    token: LEAKCANARY0\n'), '***'],
  [`data ${base64('password=LEAKCANARY12345678901')} is wrong`, 'data *** is wrong'],
];

describe('what looks like a credential', () => {
  it.each(masked)('%s', (text, left) => {
    expect(detectCredential(text)).toBeDefined();
    expect(maskCredentials(text)).toBe(left);
    expect(detectCredential(left)).toBeUndefined();
  });
});

const plain = [
  'token expired',
  'password rotation',
  'a text about tokens, eyJ and Bearers',
  'image da39a3ee5e6b4b0d3255bfef95601890afd80709 was pulled',
  'types/ClusterProfileList/V1alpha2/Items01',
  'host nodes1.internal01234567.example.com, node01.berlinwestpool12x',
  'version v1.30.4-gke.1348000 of worker.gke0123456789abc',
  'nodes.pool.worker.example, worker.production012345, worker.gke0123456789abc',
  'cluster sk-bratislava-production-cluster-01, sk-eu-west-1-shop-2024-12-01-green, task-1234567890abcdefghij12',
  'sk-abcdefghijklmnopqrstuvwxyz sk-12345678901234567890',
  'K10 machines, K10a9::x, K10deadbeef',
  'the password is required, the password is wrong, the passphrase is base64, password is sha256-hashed',
  'the password is 90 days old',
  'token: expired',
  'Token: Unauthorized',
  'token: UNAUTHENTICATED',
  'token: InvalidSignature',
  'token=expired, code=401',
  'password: required',
  'password=required',
  'invalid password: must be longer',
  'client_secret=missing',
  'Unauthorized: token: not found',
  'access key: 90 days',
  'last token: 2026-03-01T10:00:00Z',
  'tokenExpirationSeconds: 3600',
  'secret: shop-token-x7k2p not found',
  'secret=shop-kubeconfig-2',
  'secret "argocd/cluster-10.0.0.1-1234" not found',
  'failed to get Secret prod-eu-1-token-x7k2p',
  'secret key: token',
  'secretName=shop-123456789',
  'tokenFile: /var/run/secrets/token',
  'token: /var/run/secrets/kubernetes.io/serviceaccount/token',
  'token: https://sts.eu-west-1.amazonaws.com/',
  'Bearer authentication is needed',
  'bearer token authentication is disabled',
  'Basic authentication',
  'invalid bearer token, square/go-jose: error',
  'WWW-Authenticate: Bearer realm="https://registry.example.com"',
  'mailto:bob2@example.com',
  'plugin exited: --token is required, --password must be set',
  '--token-file /var/run/secrets/token --client-key /etc/kubernetes/pki/client.key',
  '--api-key=/run/secrets/key was not found',
  'Cookie: missing',
  'taint key=node-role.kubernetes.io/control-plane, key=dedicated, key=cluster-2024a',
  'serviceAccount:123-compute@developer.gserviceaccount.com',
  'user:alice1@example.com',
  'registry:5000/app:v1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  'https://robot@registry.example.com',
  'https://[2001:db8::1]:6443/x@y',
  'https://a.example.com:443/x@y',
  'https://a.example.com/?page=1&code=404',
  'https://a.example.com/?agentName=agent-b',
  'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed',
  'gke_shop-prod-12345_europe-west4_cluster-1',
  'arn:aws:eks:eu-west-1:123456789012:cluster/shop',
  'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE',
  '/subscriptions/1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed/resourceGroups/rg/providers/Microsoft.ContainerService',
  base64('-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUabc\n-----END CERTIFICATE-----\n'),
  'token=$TOKEN password=<redacted> secret={{ .Values.secret }}',
  'Bearer *** and password=*** and https://***@a.example.com',
  'the token is not valid (any more): gcloud auth application-default login',
];

it.each(plain)('is none: %s', (text) => {
  expect(detectCredential(text)).toBeUndefined();
  expect(maskCredentials(text)).toBe(text);
});

it('is told by the words of a name', () => {
  const named =
    'bearer idpBearer ID_JWT jwt wifi-psk github-oauth session-id sessionId SESSION_ID GITHUB_PAT AZURE_SAS SAS pat_token sas_token';
  const others =
    'tokenSecretName kubeconfigSecretName kubeconfig-secret kubeconfig KUBECONFIG spat pat sas path jwtIssuer oauthClient bearerName ' +
    'sessionIdle cluster-id compat PSKov';
  expect(named.split(' ').filter((name) => !isCredentialName(name))).toEqual([]);
  expect(others.split(' ').filter((name) => isCredentialField(name, 'shop-kubeconfig'))).toEqual([]);
});

it('is told by the name of a query parameter', () => {
  const named =
    'token access_token apikey code sig X-Amz-Signature password authtoken auth_key authorization x_auth xtoken bearer jwt pass ' +
    'passwort credentials cred creds ticket cookie session sessionid sid saml assertion otp hmac refresh psk oauth subscription-key ' +
    'ocp-apim-subscription-key SharedAccessSignature AWSAccessKeyId connectionString dsn tok tkn X-Amz-Credential AUTHTOKEN key auth';
  const others =
    'agentName cluster clusterId name id project namespace region zone location tenant account author path passive keyspace monkey ' +
    'countryCode refreshInterval sessionAffinity keyId passport';
  expect(named.split(' ').filter((name) => !isTokenParameter(name))).toEqual([]);
  expect(others.split(' ').filter((name) => isTokenParameter(name))).toEqual([]);
});

it('is a file of logins by its name and what it says, and none where it says where that is', () => {
  const content = base64('apiVersion: v1\nkind: Config\nclusters: []\n');
  const named = ['kubeconfig', 'shop.kubeconfig', '.dockerconfigjson', 'KUBECONFIG'];
  expect(named.filter((name) => !isCredentialField(name, content))).toEqual([]);
  expect(named.filter((name) => !isCredentialField(name, '{"auths":{}}'))).toEqual([]);
  for (const place of ['/home/shop/.kube/config', 'shop-kubeconfig', 'https://a.example.com/config'])
    expect(named.filter((name) => isCredentialField(name, place))).toEqual([]);
  expect(isCredentialField('kubeconfigSecretName', content)).toBe(false);
});

it('is told by a name that has a domain before it or behind it', () => {
  const named = ['example.com/password', 'password.example.com', 'api-key.shop.example.com', 'token'];
  const others = ['password-policy.example.com', 'region.example.com', 'tls.key', 'k8s.io/secret-name'];
  expect(named.filter((name) => !isCredentialName(name))).toEqual([]);
  expect(others.filter((name) => isCredentialName(name))).toEqual([]);
});

it('is found in no long time in any text', () => {
  const parts = [
    'token:',
    'authorization: basic a',
    'a:b@',
    'https://a:b',
    '://',
    '?a=',
    'eyJaaaaaaa.a',
    'Aa1/',
    'password=a;',
    '--token A1 ',
    '--a-token-',
    'Cookie: a=',
    'key=A1',
    'K10aaaaaaaaaaaaaaaaaaaa:',
    'sk-',
    'sk-proj-a1',
    'dckr_pat_',
    'password is a1',
    'abcdef.0123456789abcdef.',
  ];
  const texts = parts.map((part) => part.repeat(200_000 / part.length));
  const spent = cpuTimeOf(() => {
    for (const text of texts) maskCredentials(`password=hunter2 ${text}`);
  });
  expect(spent).toBeLessThan(4000);
});
