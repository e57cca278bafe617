/**
 * Variables that change which program runs, what it loads, or whom it talks to: never from a profile, whatever the policy.
 * Names of an identity or a place (AZURE_CLIENT_ID, AWS_REGION) are what the extension is for, and pass.
 */
const families: readonly string[] = [
  // Where programs, their libraries and their settings are looked for.
  'PATH|PATHEXT|COMSPEC|HOME|HOMEDRIVE|HOMEPATH|USERPROFILE|(?:LOCAL)?APPDATA|PROGRAMDATA|SYSTEMROOT|WINDIR|XDG_.*',
  'TMPDIR|TMP|TEMP|TEMPDIR',
  // The dynamic loader and the C library.
  '_?(?:LD|DYLD)_.*|LIBPATH|SHLIB_PATH|GCONV_PATH|GLIBC_TUNABLES|MALLOC_.*|LOCPATH|NLSPATH|GETCONF_DIR|TZDIR|TERMINFO.*',
  'HOSTALIASES|RES_OPTIONS|LOCALDOMAIN|RESOLV_.*|NSS_.*',
  // Shells, and what other programs start by a name in a variable.
  'SHELL|SHELLOPTS|BASHOPTS|BASH_.*|ENV|IFS|PS4|CDPATH|ZDOTDIR|PROMPT_COMMAND',
  '(?:.*_)?EDITOR|VISUAL|(?:.*_)?PAGER|(?:.*_)?BROWSER|LESSOPEN|LESSCLOSE|(?:.*_)?ASKPASS|GIT_.*|SSH_.*|GNUPGHOME|DOCKER_.*',
  // Runtimes of languages.
  'GO(?:DEBUG|ROOT|PATH|FLAGS|COVERDIR|TRACEBACK)|PYTHON.*|VIRTUAL_ENV|PERL.*|RUBY.*|GEM_.*|BUNDLE_.*|PHPRC|PHP_INI_SCAN_DIR|LUA_.*',
  'NODE_(?:OPTIONS|PATH|ENV|EXTRA_CA_CERTS|TLS_REJECT_UNAUTHORIZED|USE_.*|V8_COVERAGE|REDIRECT_WARNINGS)',
  '(?:.*_)?JAVA_(?:TOOL_)?OPTIONS|JAVA_(?:OPTS|HOME)|CLASSPATH|DOTNET_.*|CORECLR_.*|COMPLUS_.*',
  // Connections: proxies, who is trusted, what is written down of them.
  '(?:.*_)?PROXY|.*_(?:CA_?(?:BUNDLE|CERTS?|FILE|PATH)|CACERT)|SSL.*|OPENSSL_.*|GNUTLS_.*|P11_KIT_.*|GRPC_DEFAULT_SSL_.*',
  'CURL_.*|NETRC|WGETRC|KRB5.*',
  // Endpoints and settings of the clouds' programs, and files that they read a credential from or send to somebody.
  '.*_ENDPOINT(?:_URL.*)?|.*_CONFIG_(?:FILE|DIR)|.*_TOKEN_FILE',
  'CLOUDSDK_(?:PYTHON.*|CONFIG|ACTIVE_CONFIG_NAME|ROOT_DIR|PROXY_.*|AUTH_.*|CONTEXT_AWARE_.*|CORE_CUSTOM_CA_CERTS_FILE|.*ENDPOINT.*)',
  'GOOGLE_(?:APPLICATION_CREDENTIALS|GHA_CREDS_PATH|API_USE_.*|EXTERNAL_ACCOUNT_.*|CLOUD_UNIVERSE_DOMAIN)|GCE_METADATA_.*',
  'AWS_(?:(?:DEFAULT_)?PROFILE|SHARED_CREDENTIALS_FILE|ENDPOINT_.*|IGNORE_CONFIGURED_ENDPOINT_URLS|CONTAINER_.*|DATA_PATH)',
  'AWS_EC2_METADATA_SERVICE_ENDPOINT.*|BOTO_CONFIG',
  'AZURE_(?:(?:.*_)?AUTHORITY_(?:HOST|NAME)|ENVIRONMENT_FILEPATH|EXTENSION_DIR|CLIENT_CERTIFICATE_PATH|.*ENDPOINT.*)',
  'VAULT_(?:(?:AGENT_)?ADDR|CAPATH|SKIP_VERIFY|TLS_SERVER_NAME|CLIENT_.*)',
  // Ours, and those of Kubernetes.
  'KUBE.*|CLUSTERPROFILE_.*',
];

const steering = new RegExp(`^(?:${families.join('|')})$`, 'i');

/** True for a variable that steers the process of a credential plugin. Windows takes names in any case, proxies too. */
export const steersProcess = (name: string): boolean => steering.test(name);
