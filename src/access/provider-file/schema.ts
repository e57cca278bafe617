// https://github.com/kubernetes-sigs/cluster-inventory-api/blob/main/pkg/access/config.go
import { argsPolicies, envsPolicies, execVersions, interactiveModes } from '../provider.ts';

const textOf = (description: string): object => ({ type: 'string', description });

const execSchema = {
  type: 'object',
  description: 'The command that gives a login, as in a kubeconfig (KEP-541).',
  additionalProperties: false,
  required: ['apiVersion', 'command'],
  properties: {
    apiVersion: { enum: [...execVersions], description: 'The version of the exec protocol that the command speaks.' },
    command: textOf('An absolute path, or a name that is looked up in PATH; no arguments.'),
    args: { type: 'array', items: { type: 'string' }, description: 'Its arguments.' },
    env: {
      type: 'array',
      description: 'What is set in its environment besides. No credentials: the file is for all clusters.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'value'],
        properties: { name: { type: 'string', pattern: '^[^=]+$' }, value: { type: 'string' } },
      },
    },
    installHint: textOf('What to say where the command is not there.'),
    interactiveMode: { enum: interactiveModes, description: 'Whether it may ask somebody (default: Never).' },
    provideClusterInfo: { type: 'boolean', description: 'Whether it is told the cluster, in KUBERNETES_EXEC_INFO.' },
  },
};

/** The JSON Schema (draft-07) of a provider file (KEP-4322), as pkg/access of cluster-inventory-api reads it. */
export const buildProviderFileSchema = (): object => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Access provider file (KEP-4322)',
  type: 'object',
  required: ['providers'],
  properties: {
    $schema: { type: 'string' },
    providers: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'execConfig'],
        properties: {
          name: textOf('The name of the access provider in profiles.'),
          execConfig: execSchema,
          profileSourcedCLIArgsPolicy: {
            enum: argsPolicies,
            description: 'What becomes of arguments that a profile names (default: Ignore).',
          },
          profileSourcedEnvVarsPolicy: {
            enum: envsPolicies,
            description: 'What becomes of variables that a profile names (default: Ignore).',
          },
        },
      },
    },
  },
});
