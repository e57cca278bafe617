import type { Exporter } from '../../export/kit/exporter.ts';
import { usageError } from '../../errors.ts';
import type { ExportOptions } from '../../export/run.ts';
import { blindPrune } from '../../plan/prune.ts';

/** Flags that mean nothing without another one, which would go unnoticed. */
const needs: readonly (readonly [option: keyof ExportOptions, flag: string, others: (keyof ExportOptions)[]])[] = [
  ['dryRun', '--dry-run', ['apply']],
  ['createNamespace', '--create-namespace', ['apply']],
  ['showSecrets', '--show-secrets', ['diff']],
  ['maxDelete', '--max-delete', ['prune']],
  ['allowEmpty', '--allow-empty', ['prune']],
  ['yes', '--yes', ['prune']],
  ['forceConflicts', '--force-conflicts', ['apply', 'diff', 'outputDir']],
];

const flagOf: Partial<Record<keyof ExportOptions, string>> = { outputDir: '--output-dir' };

function assertNeeds(options: ExportOptions): void {
  for (const [option, flag, others] of needs)
    if (options[option] !== undefined && others.every((other) => options[other] === undefined))
      throw usageError(`${flag} goes with ${others.map((other) => flagOf[other] ?? `--${other}`).join(', ')}`);
}

/** Where the flags say that an export goes; `undefined` for standard output. */
function placeOf({ save }: Exporter, options: ExportOptions): string | undefined {
  const places = [
    save && options.own.merge !== undefined && '--merge',
    options.outputDir !== undefined && '--output-dir',
    options.apply && '--apply',
  ].filter((place) => typeof place === 'string');
  if (places.length > 1) throw usageError(`${places.join(' and ')} exclude each other`);
  return places[0];
}

/** A usage error for flags that do not go together, or that would do nothing. */
export function checkFlags(consumer: string, exporter: Exporter, options: ExportOptions): void {
  const { apply, diff, prune, instance } = options;
  const place = placeOf(exporter, options);
  if (apply && diff) throw usageError('--apply and --diff exclude each other');
  if (prune && (exporter.save ? place !== '--merge' : place === undefined && !diff))
    throw usageError(`--prune goes with ${exporter.save ? '--merge' : '--apply, --diff or --output-dir'}`);
  assertNeeds(options);
  if (prune && options.dryRun === 'client') throw usageError(...blindPrune);
  if (instance !== undefined && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(instance))
    throw usageError(`--instance takes a name of lower case letters, digits and -, not ${JSON.stringify(instance)}`);
  if ((apply || diff) && options.outputDir === undefined && !exporter.kinds)
    throw usageError(
      `${consumer} reads files, so there is no cluster to write to`,
      `clusterprofile export ${consumer} --output-dir DIR`,
    );
  if (place !== undefined || diff) return;
  const idle = instance === undefined ? Object.keys(options).find((option) => /^target[A-Z]/.test(option)) : 'instance';
  if (idle !== undefined)
    throw usageError(
      `--${idle.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} is about where an export goes, and this one is printed`,
      exporter.kinds ? '--apply or --diff' : `clusterprofile export ${consumer} --output-dir DIR`,
    );
}
