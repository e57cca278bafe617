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
