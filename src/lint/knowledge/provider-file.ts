import type { Knowledge } from './example.ts';

const exec = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: '/usr/local/bin/google-plugin',
  provideClusterInfo: true,
};
const list = (...providers: readonly object[]): object => ({ providers });
const run = (execConfig: object, more: object = {}): object =>
  list({ name: 'google', execConfig: { ...exec, ...execConfig }, ...more });
const good = run({});
const reader = 'cluster-inventory-api, pkg/access';

export const providerFileKnowledge: Knowledge = {
  PF001: {
    why: 'Readers parse it as JSON, and stop at what they cannot load.',
    source: reader,
    bad: 'providers:\n- name: google\n',
    good,
  },
  PF002: {
    why: 'A provider is found by its name and run by its command.',
    source: reader,
    bad: run({ command: '' }),
    good,
  },
  PF003: {
    why: 'The first entry of a name counts, the others are never used.',
    source: reader,
    bad: list({ name: 'google', execConfig: exec }, { name: 'google', execConfig: exec }),
    good,
  },
  PF004: {
    why: 'A policy that does not exist is an error for some readers; one under the key of the KEP is not read at all.',
    source: `KEP-4322, policies; ${reader}`,
    bad: run({}, { profileSourcedCLIArgsPolicy: 'append' }),
    good,
  },
  PF005: {
    why: 'The plugin answers in the version it is asked for, and knows v1 and v1beta1 only.',
    source: 'KEP-541, exec credential plugins',
    bad: run({ apiVersion: 'client.authentication.k8s.io/v1alpha1' }),
    good,
  },
  PF006: {
    why: 'The plugin gets the settings of the cluster only with provideClusterInfo.',
    source: 'KEP-541, provideClusterInfo; plugins of cluster-inventory-api',
    bad: list({
      name: 'secretreader',
      execConfig: { ...exec, command: '/bin/secretreader-plugin', provideClusterInfo: false },
    }),
    good,
  },
  PF007: {
    why: 'A relative path depends on the folder that the consumer runs in, and a command with blanks is the name of one file.',
    source: 'KEP-4322, provider file; Go, os/exec',
    bad: run({ command: './google-plugin' }),
    good,
  },
  PF008: {
    why: 'The file is configuration: it is in repositories and ConfigMaps, and arguments are seen by all on the machine.',
    source: 'KEP-4322, security considerations',
    bad: run({ args: ['--password=letmein-please'] }),
    good: run({ args: ['--audience=fleet'] }),
  },
  PF009: {
    why: 'A profile without a provider of the file cannot be reached, a provider without a profile is never used.',
    source: reader,
    bad: list({ name: 'azure', execConfig: exec }),
    good,
  },
  PF010: {
    why: 'Whoever writes profiles adds arguments or variables to a program that the consumer runs.',
    source: 'KEP-4322, security considerations',
    bad: run({}, { profileSourcedEnvVarsPolicy: 'Replace' }),
    good: run({}, { profileSourcedEnvVarsPolicy: 'Ignore' }),
  },
  PF011: {
    why: 'The file is for all clusters, so that the others would be reached as this one.',
    source: 'KEP-4322, provider file',
    bad: run({ args: ['--cluster-name=tokyo'] }),
    good: run({ args: ['--audience=fleet'] }),
  },
  PF012: {
    why: 'Readers of the file pass the field over.',
    source: reader,
    bad: run({ installHint: 'install the plugin' }),
    good,
  },
};
