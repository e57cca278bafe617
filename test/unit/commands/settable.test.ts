import { describe, expect, it } from 'vitest';
import { verbs } from '../../../src/commands/index.ts';
import { listCommands } from '../../../src/commands/flags/catalog.ts';
import { listSettable } from '../../../src/commands/flags/defaults.ts';
import { otherVariables, toVariable } from '../../../src/defaults/settings.ts';
import { connectionFlags } from '../../../src/kubernetes/flags.ts';
import { listSystemsFor } from '../../../src/systems/index.ts';
import { testIo } from '../../support/io.ts';

const consumers = { textsOf: () => listSystemsFor('export').map(([name]) => name) };
const classes = new Map<string, Set<string>>();
const commands = new Map<string, string[]>();
for await (const { words, command } of listCommands([], testIo(), verbs, consumers)) {
  const flags = listSettable(command);
  commands.set(
    words.join(' '),
    flags.map(({ name }) => name),
  );
  for (const { name, option } of flags)
    classes.set(name, (classes.get(name) ?? new Set()).add(option.settable ?? 'everywhere'));
}

/** The flags of some classes, in one command or another. */
const listOf = (...wanted: string[]): string[] =>
  [...classes].flatMap(([name, found]) => (wanted.join() === [...found].toSorted().join() ? [name] : [])).toSorted();

const connection = Object.values(connectionFlags).map(({ flags }) => flags.replace(/^(?:-\w, )?--([\w-]+).*$/, '$1'));
const withPrefixes = ['', 'source-', 'target-'].flatMap((prefix) => connection.map((name) => `${prefix}${name}`));

/** Each list is whole, so that a new flag is put into one of them on purpose. */
describe('a default', () => {
  it('may be in no place for what makes a command write or delete', () => {
    expect(listOf('never')).toEqual(
      'allow-empty any-manager apply force force-conflicts merge output-dir prune show-secrets yes'.split(' '),
    );
    // `delete` deletes what they choose.
    expect(listOf('everywhere', 'never')).toEqual(
      'all all-namespaces clusterset field-selector health manager property selector version'.split(' '),
    );
  });

  it('is of a person for what decides where credentials go, what is run, or what is kept quiet', () => {
    const others =
      'allow-host allow-insecure append-args audience auth-provider ca-file create-namespace credentials current-context ' +
      'dry-run endpoint envs exec exec-command field-manager flux-provider from max-delete oidc-token-provider parent-server ' +
      'plugin plugin-arg plugin-dir probe profile provider-alias provider-file quiet read-ca-files role-arn service-account skip-others via-hub';
    expect(listOf('personal')).toEqual([...others.split(' '), ...withPrefixes].toSorted());
    expect(listOf('everywhere', 'personal')).toEqual(['reach']);
  });

  it('may be in the file of a directory for everything else', () => {
    expect(listOf('everywhere').join(' ')).toBe(
      'accept access-provider ack against annotation-from argocd-builtin argocd-namespace as-of cluster-id-from ' +
        'cluster-manager cluster-proxy cluster-resource-from color compat concurrency config-name copy-labels ' +
        'customization-properties dedupe diff eventing exclude fail-on-empty filename fleet fleet-namespace flux-namespace ' +
        'for force-endpoint format full heartbeat-timeout ignore ignore-not-found include include-hub instance ' +
        'internal-endpoint inventory istio-namespace keep-extensions kiali-namespace knative-namespace kueue-api ' +
        'kueue-namespace label-columns label-from list-generator location manager-config max-input name-from name-template ' +
        'namespace no-color no-config no-enrich no-headers no-inline-ignores no-read-ca on-collision only-healthy output output-watch-events ' +
        'owner per-context placement prefix project project-number property-columns read-ca read-infrastructure read-secrets ' +
        'ready-only recursive region resource-group schema-comment serving show-labels show-managed-fields skip-missing skip-refused sort-by ' +
        'source-namespace strict subscription tags-as-labels target timeout vela-namespace verbose versions wait watch watch-only',
    );
  });

  it('has a variable of its own: no two flags share one, and none is used for something else', () => {
    const all = [...commands].flatMap(([command, flags]) =>
      flags.map((flag) => toVariable(...command.split(' '), flag)),
    );
    const general = [...classes.keys()].map((flag) => toVariable(flag));
    const variables = [...new Set(all), ...general];
    expect(variables.filter((name, index) => variables.indexOf(name) < index)).toEqual([]);
    // A filter of `list`, which installers mean the release by.
    expect(variables.filter((name) => otherVariables.has(name))).toEqual(['CLUSTERPROFILE_VERSION']);
  });
});
