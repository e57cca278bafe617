import { toYaml } from '../../documents/yaml-out.ts';
import { listOf, renderStream, type Format, type Renderer } from '../format.ts';

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

export const yaml: Format = {
  isWhole: true,
  render: ({ single, stream }) => (single || stream ? renderYamlStream() : renderYamlList()),
};
