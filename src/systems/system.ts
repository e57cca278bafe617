import type { Exporter } from '../export/kit/exporter.ts';
import type { Mapping, Importer } from '../import/kit/importer.ts';

/**
 * A multi-cluster system this tool speaks with: a folder in `systems/` whose `index.ts` has a System for its default
 * export, and one line in `systems/index.ts`. One direction is loaded without the other.
 */
export interface System {
  /** Where to read about the mapping; printed by `explain`. */
  docs?: string;
  importer?: () => Promise<{ default: Importer }>;
  exporter?: () => Promise<{ default: Exporter }>;
  mapping?: () => Promise<{ mapping: Mapping }>;
}

/** Types a system's default export. */
export const defineSystem = (definition: System): System => definition;
