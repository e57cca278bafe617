import { isKind, type ResourceKind } from '../../object.ts';
import type { Importer } from './importer.ts';

/** The parts of a source that reads objects of these kinds: `accepts` by group and kind, `list` from the source's cluster. */
export const fromKinds = (kinds: readonly ResourceKind[]): Pick<Importer, 'kinds' | 'accepts' | 'list'> => ({
  kinds,
  accepts: (object) => kinds.some((kind) => isKind(object, kind)),
  async *list(context) {
    for (const kind of kinds) yield* context.objects(kind);
  },
});
