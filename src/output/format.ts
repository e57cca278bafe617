import type { ObjectEvent } from '../kubernetes/client/known.ts';
import type { ClusterProfile } from '../profile/clusterprofile.ts';
import type { TableOptions } from './table.ts';

type ProfileEvent = ObjectEvent<ClusterProfile>;

/** Turns profiles into text, page by page: what can be printed at once is, so that a large list stays small in memory. */
export interface Renderer {
  page(profiles: readonly ClusterProfile[]): string;
  end(): string | Promise<string>;
  /** What ends it instead where the rest could not be read, so that nobody takes a part for the whole. */
  cut?(): string;
}

/** Turns what becomes of profiles into text, one after another as kubectl prints a watch; first what there is. */
export interface EventRenderer {
  print(events: readonly ProfileEvent[]): string | Promise<string>;
}

export interface RenderOptions extends TableOptions {
  /** Of a watch: each profile with what became of it, as an event of the API. */
  withEvents?: boolean;
  /** One profile was asked for by name: print it alone, not as a List. */
  single?: boolean;
  /** Somebody reads it on a terminal: nothing in it may steer that. */
  terminal?: boolean;
  /** A stream of documents instead of a List, for files and `kubectl apply -f -`. */
  stream?: boolean;
}

/** A value of `-o`. */
export interface Format {
  /** It takes a template: `jsonpath={…}`, or a file with one. Throws a usage error for a wrong one. */
  template?: 'text' | 'file';
  /** Another way to write a format that help names already. */
  isVariant?: boolean;
  /** It prints whole objects, so that managedFields are left out as kubectl leaves them out. */
  isWhole?: boolean;
  /** It shows the ClusterSets of the profiles, which may have to be read from their namespaces. */
  showsClusterSets?: boolean;
  render(options: RenderOptions, template: string): Renderer | Promise<Renderer>;
  renderEvents(options: RenderOptions, template: string): EventRenderer | Promise<EventRenderer>;
}

export const listOf = (items: readonly unknown[]): object => ({
  apiVersion: 'v1',
  items,
  kind: 'List',
  metadata: { resourceVersion: '' },
});

/** Collects everything, for formats that need the whole list. */
export function renderWhole(print: (profiles: ClusterProfile[]) => string): Renderer {
  const profiles: ClusterProfile[] = [];
  return {
    page: (more) => {
      profiles.push(...more);
      return '';
    },
    end: () => print(profiles),
  };
}

/** What an event is printed from: the profile, or the event itself. */
export const pickEventSubject = ({ type, object }: ProfileEvent, { withEvents }: RenderOptions): object =>
  withEvents ? { type, object } : object;

/** Prints events one by one. */
export const renderEach = (print: (event: ProfileEvent) => string): EventRenderer => ({
  print: (events) => events.map(print).join(''),
});

export const renderLines = (line: (profile: ClusterProfile) => string): Renderer => ({
  page: (profiles) => profiles.map((profile) => `${line(profile)}\n`).join(''),
  end: () => '',
});

/** A List written item by item, in the bytes it would have in one piece. */
export function renderStream(parts: {
  open: string;
  first: string;
  next: string;
  item: (profile: ClusterProfile) => string;
  close: string;
  cut?: string;
  empty: string;
}): Renderer {
  let any = false;
  return {
    page: (profiles) => {
      const text = profiles
        .map((profile, index) => (any || index > 0 ? parts.next : parts.first) + parts.item(profile))
        .join('');
      const opening = !any && profiles.length > 0 ? parts.open : '';
      any ||= profiles.length > 0;
      return opening + text;
    },
    end: () => (any ? parts.close : parts.empty),
    cut: () => (any ? (parts.cut ?? '') : ''),
  };
}
