import { toYaml } from '../../documents/yaml-out.ts';
import {
  listOf,
  pickEventSubject,
  renderStream,
  type EventRenderer,
  type Format,
  type Renderer,
  type RenderOptions,
} from '../format.ts';

const renderYamlList = (): Renderer =>
  renderStream({
    open: 'apiVersion: v1\nitems:\n',
    first: '- ',
    next: '- ',
    item: (profile) => toYaml(profile, '  ').trimStart(),
    // Without a closing bracket it is no YAML.
    cut: 'incomplete: [ # the rest could not be read\n',
    close: 'kind: List\nmetadata:\n  resourceVersion: ""\n',
    empty: toYaml(listOf([])),
  });

function renderYamlStream(): Renderer {
  let any = false;
  return {
    page: (profiles) => {
      const text = profiles.map((profile, index) => (any || index > 0 ? '---\n' : '') + toYaml(profile)).join('');
      any ||= profiles.length > 0;
      return text;
    },
    end: () => '',
  };
}

/** A document an event, apart as kubectl sets them apart. */
function renderYamlEvents(options: RenderOptions): EventRenderer {
  let any = false;
  const separate = (document: string): string => {
    const text = any ? `---\n${document}` : document;
    any = true;
    return text;
  };
  return { print: (events) => events.map((event) => separate(toYaml(pickEventSubject(event, options)))).join('') };
}

export const yaml: Format = {
  isWhole: true,
  renderEvents: renderYamlEvents,
  render: ({ single, stream }) => (single || stream ? renderYamlStream() : renderYamlList()),
};
