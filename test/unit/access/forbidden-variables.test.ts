import { describe, expect, it } from 'vitest';
import { buildPlugin, type EnvsPolicy } from '../../../src/access/provider.ts';
import { keys, type AccessProvider } from '../../../src/profile/clusterprofile.ts';
import { lint } from '../../../src/lint/index.ts';
import { splitDocuments } from '../../../src/lint/source.ts';
import { now, profile, provider, yamlOf } from '../../support/profiles.ts';
import { refusal } from '../../../src/errors.ts';

const steering = [
  'PATH HOME LD_PRELOAD DYLD_INSERT_LIBRARIES GCONV_PATH GLIBC_TUNABLES LOCPATH HOSTALIASES RES_OPTIONS TMPDIR SHELL',
  'BASH_ENV BASH_FUNC_a USERPROFILE APPDATA XDG_CONFIG_HOME COMSPEC EDITOR GIT_EDITOR VISUAL BROWSER PAGER GIT_SSH_COMMAND',
  'SSH_ASKPASS DOCKER_HOST GODEBUG NODE_OPTIONS NODE_TLS_REJECT_UNAUTHORIZED PYTHONSTARTUP PERL5LIB RUBYOPT LUA_INIT',
  '_JAVA_OPTIONS JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS CLASSPATH DOTNET_STARTUP_HOOKS CORECLR_PROFILER_PATH',
  'FTP_PROXY https_proxy No_Proxy GRPC_PROXY REQUESTS_CA_BUNDLE CURL_CA_BUNDLE AWS_CA_BUNDLE SSL_CERT_FILE SSLKEYLOGFILE',
  'OPENSSL_CONF OPENSSL_MODULES CLOUDSDK_PYTHON CLOUDSDK_PYTHON_ARGS CLOUDSDK_CONFIG CLOUDSDK_PROXY_ADDRESS',
  'CLOUDSDK_API_ENDPOINT_OVERRIDES_CONTAINER CLOUDSDK_AUTH_ACCESS_TOKEN_FILE GOOGLE_APPLICATION_CREDENTIALS GCE_METADATA_HOST',
  'AZURE_CONFIG_DIR AZURE_AUTHORITY_HOST AZURE_REGIONAL_AUTHORITY_NAME AZURE_FEDERATED_TOKEN_FILE IDENTITY_ENDPOINT',
  'AWS_ENDPOINT_URL AWS_ENDPOINT_URL_STS AWS_PROFILE AWS_DEFAULT_PROFILE AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_EC2_METADATA_SERVICE_ENDPOINT VAULT_ADDR',
  'KUBECONFIG KUBERNETES_EXEC_INFO CLUSTERPROFILE_ACCESS',
].flatMap((line) => line.split(' '));

const harmless =
  'AZURE_CLIENT_ID AZURE_TENANT_ID AZURE_SUBSCRIPTION_ID AWS_REGION AWS_DEFAULT_REGION AWS_ROLE_ARN AWS_STS_REGIONAL_ENDPOINTS ' +
  'CLOUDSDK_CORE_PROJECT CLOUDSDK_COMPUTE_REGION GOOGLE_CLOUD_PROJECT VAULT_NAMESPACE NODE_NAME CLUSTER TENANT LANG SHOP_PATHS';

const withEnvs = (name: string): AccessProvider => ({
  ...provider('shop', { extensions: [{ name: keys.envsExtension, extension: { [name]: 'x' } }] }),
  name: 'shop',
});

describe('variables of a profile', () => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'plugin', args: [], env: [] };
  const given = (name: string, envs: EnvsPolicy): unknown =>
    buildPlugin({ config: { name: 'shop', exec, args: 'Ignore', envs }, provider: withEnvs(name) }).env;
  const warned = (name: string): number =>
    lint(splitDocuments(yamlOf([profile({ status: { accessProviders: [withEnvs(name)] } })]), 'fleet.yaml'), {
      now,
    }).findings.filter(({ id }) => id === 'CP098').length;

  it.each(steering)('%s never reaches a plugin, and is CP098', (name) => {
    for (const policy of ['Replace', 'AppendIfNotExists'] as const)
      expect(() => given(name, policy)).toThrow(
        refusal(
          `extension ${keys.envsExtension} sets "${name}", which may not come from a profile`,
          'set it in the provider file, or take it out of the profile',
        ),
      );
    expect(given(name, 'Ignore')).toEqual([]);
    expect(warned(name)).toBe(1);
  });

  it.each(harmless.split(' '))('%s reaches it by policy', (name) => {
    expect(given(name, 'Replace')).toEqual([{ name, value: 'x' }]);
    expect(warned(name)).toBe(0);
  });
});
