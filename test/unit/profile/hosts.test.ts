import { expect, it } from 'vitest';
import { isCloudHost, readEksRegion } from '../../../src/profile/endpoint/cloud-hosts.ts';
import { explainUnreachable, isOwnApiServer } from '../../../src/profile/endpoint/hosts.ts';
import { joinHostPort } from '../../../src/profile/endpoint/server-url.ts';
import { isCredentialField } from '../../../src/redact/credential-names.ts';
import { maskCredentials } from '../../../src/redact/credential-patterns.ts';

it('knows the API servers of each cloud in all of its partitions, and nothing else of the cloud', () => {
  for (const host of [
    'a1.gr7.eu-west-1.eks.amazonaws.com',
    'a1.eks-cluster.eu-west-1.api.aws',
    'a1.yl4.cn-north-1.eks.amazonaws.com.cn',
    'A1.eks-cluster.cn-north-1.api.amazonwebservices.com.cn',
  ])
    expect(isCloudHost('aws', host), host).toBe(true);
  for (const host of ['s3.eu-west-1.api.aws', 'eks.eu-west-1.api.aws', 'a1.eks.amazonaws.com.example.com'])
    expect(isCloudHost('aws', host), host).toBe(false);
  expect(isCloudHost('azure', 'a.hcp.usgovvirginia.cx.aks.containerservice.azure.us')).toBe(true);
  expect(isCloudHost('azure', 'a.hcp.chinaeast2.cx.prod.service.azk8s.cn')).toBe(true);
  expect(isCloudHost('azure', 'a.containerservice.azure.us')).toBe(false);
  expect(readEksRegion('a1.eks-cluster.us-gov-west-1.api.aws')).toBe('us-gov-west-1');
});

it('knows every spelling of the own API server', () => {
  for (const host of [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'Kubernetes.default.svc.shop.test.',
  ])
    expect(isOwnApiServer(host), host).toBe(true);
  for (const host of ['kubernetes.example.com', 'kubernetes.default.example.com', 'api.default.svc'])
    expect(isOwnApiServer(host), host).toBe(false);
});

it('tells hosts that others cannot reach', () => {
  for (const host of [
    'host.k3d.internal',
    'localhost.localdomain',
    '[::ffff:7f00:1]',
    '169.254.10.1',
    'kubernetes.default',
    'nas.local',
    'kind',
  ])
    expect(explainUnreachable(host), host).toBeDefined();
  for (const host of ['10.0.0.7', 'api.shop.internal', 'localhost.example.com', '[2001:db8::1]'])
    expect(explainUnreachable(host), host).toBeUndefined();
});

it('makes a server of a host and a port, whatever stands in the place of the host', () => {
  const servers: [host: string, server: string][] = [
    ['api.example.com', 'https://api.example.com:6443'],
    ['api.example.com:8443', 'https://api.example.com:8443'],
    ['https://api.example.com', 'https://api.example.com:6443'],
    ['https://api.example.com:443', 'https://api.example.com:443'],
    ['https://api.example.com/k8s', 'https://api.example.com:6443/k8s'],
    ['http://api.example.com', 'http://api.example.com:6443'],
    ['2001:db8::5', 'https://[2001:db8::5]:6443'],
    ['[2001:db8::5]', 'https://[2001:db8::5]:6443'],
    ['https://[2001:db8::5]', 'https://[2001:db8::5]:6443'],
  ];
  for (const [host, server] of servers) expect(joinHostPort(host, 6443), host).toBe(server);
});

it('takes a pointer to a key of a Secret for no credential, and masks those that a text quotes', () => {
  expect(isCredentialField('tokenSecretKey', 'token')).toBe(false);
  expect(isCredentialField('TOKEN_SECRET_KEY', 'ca.crt')).toBe(false);
  expect(isCredentialField('TOKEN_SECRET_KEY', '4f0c9d1e7a')).toBe(true);
  expect(isCredentialField('secretKey', 'token')).toBe(true);
  expect(maskCredentials('Get https://admin:hunter22@shop.example.com/healthz failed')).toBe(
    'Get https://***@shop.example.com/healthz failed',
  );
  expect(maskCredentials('Authorization: Bearer abcdefghijkl')).toBe('Authorization: ***');
});
