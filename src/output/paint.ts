import type { Io } from '../io.ts';

/** Colours of a diff and of findings; identities where colour is off. */
export interface Paint {
  added(text: string): string;
  removed(text: string): string;
  hunk(text: string): string;
  title(text: string): string;
  warned(text: string): string;
}

const keepText = (text: string): string => text;
export const plainPaint: Paint = {
  added: keepText,
  removed: keepText,
  hunk: keepText,
  title: keepText,
  warned: keepText,
};

/** How bad something is, in its colour. */
export function paintSeverity(severity: string, { removed, warned, added, hunk }: Paint): string {
  if (severity === 'error') return removed(severity);
  if (severity === 'warning') return warned(severity);
  return severity === 'ok' ? added(severity) : hunk(severity);
}

interface ColourOptions {
  color?: false | string | undefined;
}

/** `--color` and `--no-color` go first, then NO_COLOR and FORCE_COLOR, then whether somebody is looking. */
function wantsColour(io: Io, { color }: ColourOptions): boolean {
  if (color === false || color === 'never') return false;
  if (color === 'always') return true;
  if (io.env['NO_COLOR']) return false;
  if (io.env['FORCE_COLOR']) return io.env['FORCE_COLOR'] !== '0';
  return io.terminal.out && io.env['TERM'] !== 'dumb';
}

/** The colours, or none. chalk is loaded only where it is used, and never decides itself. */
export async function paintFor(io: Io, options: ColourOptions): Promise<Paint> {
  if (!wantsColour(io, options)) return plainPaint;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return { added: chalk.green, removed: chalk.red, hunk: chalk.cyan, title: chalk.bold, warned: chalk.yellow };
}
