import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createChecker, type Check } from './check.ts';

/** Which clouds a login is in reach for. Files and variables are looked for and never read. */

type Environment = Readonly<Record<string, string | undefined>>;

interface Source {
  system: string;
  variables: readonly string[];
  /** Below the home directory. */
  files: readonly string[];
  login: string;
}

const sources: readonly Source[] = [
  {
    system: 'gke',
    variables: ['GOOGLE_APPLICATION_CREDENTIALS', 'CLOUDSDK_AUTH_ACCESS_TOKEN', 'GOOGLE_OAUTH_ACCESS_TOKEN'],
    files: ['.config/gcloud/application_default_credentials.json'],
    login: 'gcloud auth application-default login',
  },
  {
    system: 'azure',
    variables: ['AZURE_CLIENT_ID', 'AZURE_FEDERATED_TOKEN_FILE'],
    files: ['.azure/azureProfile.json'],
    login: 'az login',
  },
  {
    system: 'eks',
    variables: ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE'],
    files: ['.aws/credentials', '.aws/config'],
    login: 'aws configure',
  },
];

function findLogin({ variables, files }: Source, env: Environment): string | undefined {
  const variable = variables.find((name) => Boolean(env[name]));
  const home = env['HOME'] ?? homedir();
  return variable ?? files.find((file) => existsSync(join(home, file)));
}

/** A check for each cloud: where its login would come from. */
export function* checkSources(env: Environment): Iterable<Check> {
  for (const source of sources) {
    const check = createChecker('DR008', `import ${source.system}`);
    const found = findLogin(source, env);
    yield found === undefined
      ? check('note', 'no login in reach', source.login)
      : check('ok', `a login is in reach (${found})`);
  }
}
