import type { CloudContext } from './context.ts';

/** A recorded page of a list, and which list it is of where that shows. */
interface CloudPage {
  list: string | undefined;
  /** True when it says that another page follows. */
  continues: boolean;
}

/**
 * The lists of which the last page is missing. A cut-off recording looks like a whole one with fewer clusters, and
 * prune would then delete the others.
 */
export function cutLists(pages: readonly CloudPage[]): string[] {
  const ended = new Set(pages.filter(({ continues }) => !continues).map(({ list }) => list));
  // An empty page does not say which list it is of, so that it may end any.
  if (ended.has(undefined)) return [];
  const cut = pages.filter(({ list, continues }) => continues && list !== undefined && !ended.has(list));
  return [...new Set(cut.map(({ list }) => list ?? ''))];
}

/** True where one of the items is known, or there are none: an empty list is an answer too. */
export const holdsAny = (items: readonly unknown[], isKnown: (item: unknown) => boolean): boolean =>
  items.length === 0 || items.some(isKnown);

/** Names the items of a response that are none of those that are known: what they stood for is missing. */
export function reportStrangers(
  response: { items: readonly unknown[]; place: string },
  isKnown: (item: unknown) => boolean,
  what: string,
  { partial }: Pick<CloudContext, 'partial'>,
): void {
  for (const [index, item] of response.items.entries())
    if (!isKnown(item)) partial(`${response.place}: item ${index + 1} is ${what}, not read`);
}
