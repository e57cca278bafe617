import { isKind, type ResourceKind } from '../../object.ts';
import type { Source } from './source.ts';

/** The parts of a source that reads objects of these kinds: `accepts` by group and kind, `list` from the source's cluster. */
export const fromKinds = (kinds: readonly ResourceKind[]): Pick<Source, 'kinds' | 'accepts' | 'list'> => ({
  kinds,
  accepts: (object) => kinds.some((kind) => isKind(object, kind)),
  async *list(context) {
    for (const kind of kinds) yield* context.objects(kind);
  },
});
