/** A template for `kubectl get -o`, and what kubectl 1.36.3 does with it. */
export interface KubectlDialectCase {
  title: string;
  kind: 'jsonpath' | 'jsonpath-as-json' | 'custom-columns';
  template: string;
  /** The profile it is for; otherwise the List of all, as `kubectl get clusterprofiles` has it. */
  subject?: 'one';
  noHeaders?: boolean;
  /** kubectl goes through the keys of an object in any order: the words may come in another one. */
  unordered?: boolean;
  /** What kubectl prints for the profiles below. */
  stdout?: string;
  /** Why it prints nothing; see TemplateError. */
  reason?: string;
}

/** Profiles in the order a hub lists them. */
export const dialectProfiles = [
  {
    apiVersion: 'multicluster.x-k8s.io/v1alpha1',
    kind: 'ClusterProfile',
    metadata: {
      name: 'logs-ap',
      namespace: 'fleet',
      labels: { 'x-k8s.io/cluster-manager': 'gke-fleet' },
      annotations: { note: 'first line\nsecond line' },
    },
    spec: { displayName: 'ログ', clusterManager: { name: 'gke-fleet' } },
    status: { properties: [] },
  },
  {
    apiVersion: 'multicluster.x-k8s.io/v1alpha1',
    kind: 'ClusterProfile',
    metadata: {
      name: 'orders-eu',
      namespace: 'fleet',
      labels: { 'x-k8s.io/cluster-manager': 'gke-fleet', 'multicluster.x-k8s.io/clusterset': 'prod' },
      annotations: { note: 'two\tcells, \u001b[31mred\u001b[0m\r' },
    },
    spec: { displayName: 'Orders <EU> & "more"\u2028', clusterManager: { name: 'gke-fleet' } },
    status: {
      version: { kubernetes: 'v1.31.4' },
      conditions: [
        {
          type: 'ControlPlaneHealthy',
          status: 'True',
          reason: 'Healthy',
          message: '',
          lastTransitionTime: '2026-03-01T10:00:00Z',
          observedGeneration: 1,
        },
        {
          type: 'Joined',
          status: 'False',
          reason: 'Joined',
          message: 'waiting',
          lastTransitionTime: '2026-03-01T10:00:00Z',
          observedGeneration: 2,
        },
      ],
      properties: [
        { name: 'location', value: 'europe-west1' },
        { name: 'odd', value: 'a)b' },
      ],
      accessProviders: [
        {
          name: 'google',
          cluster: {
            server: 'https://orders-eu.example.com',
            extensions: [
              {
                name: 'client.authentication.k8s.io/exec',
                extension: {
                  '9': 'nine',
                  '10': 'ten',
                  nodes: 3,
                  ratio: 1.5,
                  tiny: 1e-7,
                  load: 1234567.5,
                  huge: 1e22,
                  floats: [0.1, 1e-7, 1234567.5, 1e22],
                  flags: [true, false],
                  matrix: [[1, 2], [3]],
                  none: [],
                  blank: {},
                  nothing: null,
                },
              },
            ],
          },
        },
      ],
    },
  },
  {
    apiVersion: 'multicluster.x-k8s.io/v1alpha1',
    kind: 'ClusterProfile',
    metadata: {
      name: 'orders-us',
      namespace: 'fleet',
      labels: { 'x-k8s.io/cluster-manager': 'eks', 'multicluster.x-k8s.io/clusterset': 'test' },
    },
    spec: { displayName: 'Orders US', clusterManager: { name: 'eks' } },
    status: {
      version: { kubernetes: 'v1.30.9' },
      properties: [{ name: 'location', value: 'us-east-1' }],
      conditions: [
        {
          type: 'ControlPlaneHealthy',
          status: 'Unknown',
          reason: 'NoContact',
          message: 'no contact',
          lastTransitionTime: '2026-03-01T10:00:00Z',
        },
      ],
    },
  },
];

/** The name of the profile that cases with the subject `one` are for. */
export const dialectProfile = 'orders-eu';

/** The object a case is for, as `kubectl get` hands it to its printers. */
export const dialectSubject = ({ subject }: KubectlDialectCase): object =>
  subject === 'one'
    ? (dialectProfiles.find(({ metadata }) => metadata.name === dialectProfile) ?? {})
    : { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: dialectProfiles };

/** Where a profile may hold values of any kind. */
const extension = '.status.accessProviders[0].cluster.extensions[0].extension';

const printed: KubectlDialectCase[] = [
  {
    kind: 'jsonpath',
    title: 'names, apart by spaces',
    template: '{.items[*].metadata.name}',
    stdout: 'logs-ap orders-eu orders-us',
  },
  {
    kind: 'jsonpath',
    title: 'text around braces',
    template: 'first: {.items[0].metadata.name}!\n',
    stdout: 'first: logs-ap!\n',
  },
  { kind: 'jsonpath', title: 'text alone', template: 'no path at all', stdout: 'no path at all' },
  {
    kind: 'jsonpath',
    title: 'a backslash outside quotes is text',
    template: '{.items[0].metadata.name}\\n',
    stdout: 'logs-ap\\n',
  },
  {
    kind: 'jsonpath',
    title: 'a range with quoted tab and line break',
    template:
      '{range .items[*]}{.metadata.name}{"\\t"}{.status.conditions[?(@.type=="ControlPlaneHealthy")].status}{"\\n"}{end}',
    stdout: 'logs-ap\t\norders-eu\tTrue\norders-us\tUnknown\n',
  },
  {
    kind: 'jsonpath',
    title: 'quotes of both kinds, with escapes',
    template: '{"\\x41\\u00e9\\U0001F600\\101"}{\'it\\\'s\'}{"say \\"so\\""}',
    stdout: 'Aé😀Ait\'ssay "so"',
  },
  {
    kind: 'jsonpath',
    title: 'a range in a range',
    template: '{range .items[*]}{.metadata.name}:{range .status.conditions[*]} {.type}={.status}{end}{"\\n"}{end}',
    stdout: 'logs-ap:\norders-eu: ControlPlaneHealthy=True Joined=False\norders-us: ControlPlaneHealthy=Unknown\n',
  },
  {
    kind: 'jsonpath',
    title: 'an empty range',
    template: '[{range .items[*].status.nothing[*]}{.name}{end}]',
    stdout: '[]',
  },
  {
    kind: 'jsonpath',
    title: 'a range without end prints its body again, outside',
    template: '{range .items[*]}{.metadata.name} {.kind} ',
    stdout: 'logs-ap ClusterProfile orders-eu ClusterProfile orders-us ClusterProfile  List ',
  },
  {
    kind: 'jsonpath',
    title: 'two ranges in a row',
    template: '{range .items[*]}{.metadata.name} {end}{range .items[*]}{.kind} {end}',
    stdout: 'logs-ap orders-eu orders-us ClusterProfile ClusterProfile ClusterProfile ',
  },
  {
    kind: 'jsonpath',
    title: 'a range over one object',
    template: '{range .metadata}{.name}{end}',
    subject: 'one',
    stdout: 'orders-eu',
  },
  {
    kind: 'jsonpath',
    title: 'the current object',
    template: '{@.metadata.name} {$.kind} {.kind}',
    subject: 'one',
    stdout: 'orders-eu ClusterProfile ClusterProfile',
  },
  { kind: 'jsonpath', title: 'the dot alone is an empty key', template: '[{.}]', subject: 'one', stdout: '[]' },
  { kind: 'jsonpath', title: 'a missing key prints nothing', template: '[{.items[*].metadata.nothing}]', stdout: '[]' },
  {
    kind: 'jsonpath',
    title: 'a missing key under a missing key',
    template: '[{.metadata.nothing.at.all[3]}]',
    subject: 'one',
    stdout: '[]',
  },
  {
    kind: 'jsonpath',
    title: 'an object is compact JSON with sorted keys',
    template: '{.items[1].metadata.labels}',
    stdout: '{"multicluster.x-k8s.io/clusterset":"prod","x-k8s.io/cluster-manager":"gke-fleet"}',
  },
  {
    kind: 'jsonpath',
    title: 'HTML characters and line separators are escaped in JSON',
    template: '{.spec}',
    subject: 'one',
    stdout: '{"clusterManager":{"name":"gke-fleet"},"displayName":"Orders \\u003cEU\\u003e \\u0026 \\"more\\"\\u2028"}',
  },
  {
    kind: 'jsonpath',
    title: 'and are not in a text',
    template: '{.spec.displayName}',
    subject: 'one',
    stdout: 'Orders <EU> & "more"\u2028',
  },
  {
    kind: 'jsonpath',
    title: 'an array is JSON, several of them have a space between',
    template: '{.items[*].status.properties}',
    stdout:
      '[] [{"name":"location","value":"europe-west1"},{"name":"odd","value":"a)b"}] [{"name":"location","value":"us-east-1"}]',
  },
  {
    kind: 'jsonpath',
    title: 'an empty array and an empty object',
    template: `{${extension}.none} {${extension}.blank}`,
    subject: 'one',
    stdout: '[] {}',
  },
  { kind: 'jsonpath', title: 'null', template: `{${extension}.nothing}`, subject: 'one', stdout: 'null' },
  {
    kind: 'jsonpath',
    title: 'booleans',
    template: `{${extension}.flags} {${extension}.flags[*]}`,
    subject: 'one',
    stdout: '[true,false] true false',
  },
  {
    kind: 'jsonpath',
    title: 'whole numbers',
    template: `{${extension}.nodes} {.status.conditions[*].observedGeneration}`,
    subject: 'one',
    stdout: '3 1 2',
  },
  {
    kind: 'jsonpath',
    title: 'floats as Go prints them',
    template: `{${extension}.ratio} {${extension}.tiny} {${extension}.load} {${extension}.huge}`,
    subject: 'one',
    stdout: '1.5 1e-07 1.2345675e+06 1e+22',
  },
  {
    kind: 'jsonpath',
    title: 'floats in JSON',
    template: `{${extension}.floats}`,
    subject: 'one',
    stdout: '[0.1,1e-7,1234567.5,1e+22]',
  },
  {
    kind: 'jsonpath',
    title: 'a negative index',
    template: '{.items[-1].metadata.name} {.items[-2].metadata.name}',
    stdout: 'orders-us orders-eu',
  },
  {
    kind: 'jsonpath',
    title: 'a slice',
    template:
      '{.items[0:2].metadata.name}|{.items[1:].metadata.name}|{.items[:1].metadata.name}|{.items[:-1].metadata.name}',
    stdout: 'logs-ap orders-eu|orders-eu orders-us|logs-ap|logs-ap orders-eu',
  },
  {
    kind: 'jsonpath',
    title: 'a slice with a step',
    template: '{.items[::2].metadata.name}|{.items[0:3:2].metadata.name}',
    stdout: 'logs-ap orders-us|logs-ap orders-us',
  },
  { kind: 'jsonpath', title: 'a slice of nothing', template: '[{.items[1:1].metadata.name}]', stdout: '[]' },
  { kind: 'jsonpath', title: 'no index at all is the first', template: '{.items[].metadata.name}', stdout: 'logs-ap' },
  {
    kind: 'jsonpath',
    title: 'an array in an array',
    template: `{${extension}.matrix[1][0]} {${extension}.matrix[*][0]} {${extension}.matrix[0]}`,
    subject: 'one',
    stdout: '3 1 3 [1,2]',
  },
  {
    kind: 'jsonpath',
    title: 'an empty array ends the search behind it',
    template: '[{.items[*].status.properties[*].name}] {.items[*].status.conditions[*].type}',
    stdout: '[] ControlPlaneHealthy Joined ControlPlaneHealthy',
  },
  {
    kind: 'jsonpath',
    title: 'a union of indexes',
    template: '{.items[0,2].metadata.name}',
    stdout: 'logs-ap orders-us',
  },
  {
    kind: 'jsonpath',
    title: 'a union of keys',
    template: "{.items[*]['metadata.name','kind']}",
    stdout: 'logs-ap orders-eu orders-us ClusterProfile ClusterProfile ClusterProfile',
  },
  {
    kind: 'jsonpath',
    title: 'a union with blanks and a slice',
    template: '{.items[ 0 , 1: ].metadata.name}',
    stdout: 'logs-ap orders-eu orders-us',
  },
  {
    kind: 'jsonpath',
    title: 'an escaped dot in a key',
    template: '{.items[*].metadata.labels.x-k8s\\.io/cluster-manager}',
    stdout: 'gke-fleet gke-fleet eks',
  },
  {
    kind: 'jsonpath',
    title: 'an escaped dot in a quoted key',
    template: "{.items[*].metadata.labels['multicluster\\.x-k8s\\.io/clusterset']}",
    stdout: 'prod test',
  },
  {
    kind: 'jsonpath',
    title: 'a quoted key is a path: its dots count',
    template: "[{.items[*].metadata.labels['x-k8s.io/cluster-manager']}]",
    stdout: '[]',
  },
  {
    kind: 'jsonpath',
    title: 'a quoted star is a wildcard',
    template: "{.status.version['*']}",
    subject: 'one',
    stdout: 'v1.31.4',
  },
  {
    kind: 'jsonpath',
    title: 'wildcards',
    template: '{.items[*].status.version.*} {.items[*].status.conditions.*.type}',
    stdout: 'v1.31.4 v1.30.9 ControlPlaneHealthy Joined ControlPlaneHealthy',
  },
  {
    kind: 'jsonpath',
    title: 'a wildcard on an object',
    template: '{.metadata.labels.*}',
    subject: 'one',
    unordered: true,
    stdout: 'prod gke-fleet',
  },
  {
    kind: 'jsonpath',
    title: 'a wildcard on a text gives its bytes',
    template: '{.kind.*}',
    subject: 'one',
    stdout: '67 108 117 115 116 101 114 80 114 111 102 105 108 101',
  },
  {
    kind: 'jsonpath',
    title: 'recursive descent',
    template: '{..conditions}',
    stdout:
      '[{"lastTransitionTime":"2026-03-01T10:00:00Z","message":"","observedGeneration":1,"reason":"Healthy","status":"True","type":"ControlPlaneHealthy"},{"lastTransitionTime":"2026-03-01T10:00:00Z","message":"waiting","observedGeneration":2,"reason":"Joined","status":"False","type":"Joined"}] [{"lastTransitionTime":"2026-03-01T10:00:00Z","message":"no contact","reason":"NoContact","status":"Unknown","type":"ControlPlaneHealthy"}]',
  },
  {
    kind: 'jsonpath',
    title: 'recursive descent to all of a name',
    template: '{..name}',
    subject: 'one',
    unordered: true,
    stdout: 'orders-eu gke-fleet google client.authentication.k8s.io/exec location odd',
  },
  {
    kind: 'jsonpath',
    title: 'recursive descent and a filter',
    template: '{..conditions[?(@.status!="True")].type}',
    stdout: 'Joined ControlPlaneHealthy',
  },
  {
    kind: 'jsonpath',
    title: 'a filter on text',
    template: '{.items[?(@.metadata.name=="orders-eu")].spec.clusterManager.name}',
    stdout: 'gke-fleet',
  },
  {
    kind: 'jsonpath',
    title: 'a filter in single quotes',
    template: "{.items[?(@.spec.clusterManager.name=='gke-fleet')].metadata.name}",
    stdout: 'logs-ap orders-eu',
  },
  {
    kind: 'jsonpath',
    title: 'a filter on inequality',
    template: '{.items[?(@.spec.clusterManager.name!="gke-fleet")].metadata.name}',
    stdout: 'orders-us',
  },
  {
    kind: 'jsonpath',
    title: 'a filter on order',
    template:
      '{.items[?(@.metadata.name>"logs-ap")].metadata.name} {.items[?(@.metadata.name<="orders-eu")].metadata.name}',
    stdout: 'orders-eu orders-us logs-ap orders-eu',
  },
  {
    kind: 'jsonpath',
    title: 'a filter on a whole number',
    template:
      '{.status.conditions[?(@.observedGeneration>=2)].type} {.status.conditions[?(@.observedGeneration<2)].type}',
    subject: 'one',
    stdout: 'Joined ControlPlaneHealthy',
  },
  {
    kind: 'jsonpath',
    title: 'a filter that compares two paths',
    template: '{.status.conditions[?(@.type==@.reason)].type}',
    subject: 'one',
    stdout: 'Joined',
  },
  {
    kind: 'jsonpath',
    title: 'a filter on a key with a dot',
    template: '{.items[?(@.metadata.labels.multicluster\\.x-k8s\\.io/clusterset=="prod")].metadata.name}',
    stdout: 'orders-eu',
  },
  {
    kind: 'jsonpath',
    title: 'a filter on existence',
    template: '{.items[?(@.status.version)].metadata.name}',
    stdout: 'orders-eu orders-us',
  },
  {
    kind: 'jsonpath',
    title: 'a filter on existence forgives an index',
    template: '{.items[?(@.status.conditions[7])].metadata.name}',
    stdout: 'orders-eu orders-us',
  },
  {
    kind: 'jsonpath',
    title: 'a filter on a bracket in a text',
    template: '{.status.properties[?(@.value=="a)b")].name}',
    subject: 'one',
    stdout: 'odd',
  },
  {
    kind: 'jsonpath',
    title: 'a filter that finds nothing',
    template: '[{.items[?(@.metadata.name=="nobody")].metadata.name}]',
    stdout: '[]',
  },
  {
    kind: 'jsonpath',
    title: 'a filter with a bad operator that is never used',
    template: '[{.status.nothing[?(@.a="b")]}]',
    subject: 'one',
    stdout: '[]',
  },
  { kind: 'jsonpath', title: 'literals', template: '{1} {-2.50} {true} {1000000.0}', stdout: '1 -2.5 true 1e+06' },
  {
    kind: 'jsonpath',
    title: 'several steps in one pair of braces',
    template: '{.metadata .name} {.kind "and" }',
    subject: 'one',
    stdout: 'orders-eu and',
  },
  {
    kind: 'jsonpath',
    title: 'a text that looks like the end',
    template: '{.kind}}',
    subject: 'one',
    stdout: 'ClusterProfile}',
  },
  {
    kind: 'jsonpath-as-json',
    title: 'names as JSON',
    template: '{.items[*].metadata.name}',
    stdout: '[\n    "logs-ap",\n    "orders-eu",\n    "orders-us"\n]\n',
  },
  { kind: 'jsonpath-as-json', title: 'nothing as JSON', template: '{.items[*].metadata.nothing}', stdout: '[]\n' },
  {
    kind: 'jsonpath-as-json',
    title: 'objects as JSON',
    template: '{.items[0:2].metadata.labels}',
    stdout:
      '[\n    {\n        "x-k8s.io/cluster-manager": "gke-fleet"\n    },\n    {\n        "multicluster.x-k8s.io/clusterset": "prod",\n        "x-k8s.io/cluster-manager": "gke-fleet"\n    }\n]\n',
  },
  {
    kind: 'jsonpath-as-json',
    title: 'text and paths as JSON',
    template: 'name: {.metadata.name}{.spec}',
    subject: 'one',
    stdout:
      '[\n    "name: "\n]\n[\n    "orders-eu"\n]\n[\n    {\n        "clusterManager": {\n            "name": "gke-fleet"\n        },\n        "displayName": "Orders \\u003cEU\\u003e \\u0026 \\"more\\"\\u2028"\n    }\n]\n',
  },
  {
    kind: 'jsonpath-as-json',
    title: 'values of all kinds as JSON',
    template: `{${extension}}`,
    subject: 'one',
    stdout:
      '[\n    {\n        "10": "ten",\n        "9": "nine",\n        "blank": {},\n        "flags": [\n            true,\n            false\n        ],\n        "floats": [\n            0.1,\n            1e-7,\n            1234567.5,\n            1e+22\n        ],\n        "huge": 1e+22,\n        "load": 1234567.5,\n        "matrix": [\n            [\n                1,\n                2\n            ],\n            [\n                3\n            ]\n        ],\n        "nodes": 3,\n        "none": [],\n        "nothing": null,\n        "ratio": 1.5,\n        "tiny": 1e-7\n    }\n]\n',
  },
  {
    kind: 'custom-columns',
    title: 'paths with and without a dot, with and without braces',
    template: 'A:.metadata.name,B:metadata.name,C:{.metadata.name},D:{metadata.name}',
    stdout:
      'A           B           C           D\nlogs-ap     logs-ap     logs-ap     logs-ap\norders-eu   orders-eu   orders-eu   orders-eu\norders-us   orders-us   orders-us   orders-us\n',
  },
  {
    kind: 'custom-columns',
    title: 'a single column',
    template: 'NAME:.metadata.name',
    stdout: 'NAME\nlogs-ap\norders-eu\norders-us\n',
  },
  {
    kind: 'custom-columns',
    title: 'no headers',
    template: 'NAME:.metadata.name,MANAGER:.spec.clusterManager.name',
    noHeaders: true,
    stdout: 'logs-ap     gke-fleet\norders-eu   gke-fleet\norders-us   eks\n',
  },
  {
    kind: 'custom-columns',
    title: 'missing values',
    template: 'NAME:.metadata.name,VERSION:.status.version.kubernetes,NOTHING:.nothing',
    stdout:
      'NAME        VERSION   NOTHING\nlogs-ap     <none>    <none>\norders-eu   v1.31.4   <none>\norders-us   v1.30.9   <none>\n',
  },
  {
    kind: 'custom-columns',
    title: 'several values',
    template: 'NAME:.metadata.name,CONDITIONS:.status.conditions[*].type',
    stdout:
      'NAME        CONDITIONS\nlogs-ap     <none>\norders-eu   ControlPlaneHealthy,Joined\norders-us   ControlPlaneHealthy\n',
  },
  {
    kind: 'custom-columns',
    title: 'a filter',
    template: 'NAME:.metadata.name,HEALTHY:.status.conditions[?(@.type=="ControlPlaneHealthy")].status',
    stdout: 'NAME        HEALTHY\nlogs-ap     <none>\norders-eu   True\norders-us   Unknown\n',
  },
  {
    kind: 'custom-columns',
    title: 'objects and arrays',
    template: 'VERSION:.status.version,PROPERTIES:.status.properties',
    stdout:
      'VERSION                   PROPERTIES\n<none>                    []\nmap[kubernetes:v1.31.4]   [map[name:location value:europe-west1] map[name:odd value:a)b]]\nmap[kubernetes:v1.30.9]   [map[name:location value:us-east-1]]\n',
  },
  {
    kind: 'custom-columns',
    title: 'values of all kinds',
    template: `EXTENSION:${extension}`,
    subject: 'one',
    stdout:
      'EXTENSION\nmap[10:ten 9:nine blank:map[] flags:[true false] floats:[0.1 1e-07 1.2345675e+06 1e+22] huge:1e+22 load:1.2345675e+06 matrix:[[1 2] [3]] nodes:3 none:[] nothing:<nil> ratio:1.5 tiny:1e-07]\n',
  },
  {
    kind: 'custom-columns',
    title: 'numbers and null',
    template: `RATIO:${extension}.ratio,LOAD:${extension}.load,NODES:${extension}.nodes,NOTHING:${extension}.nothing,FLAGS:${extension}.flags[*]`,
    subject: 'one',
    stdout: 'RATIO   LOAD            NODES   NOTHING   FLAGS\n1.5     1.2345675e+06   3       <nil>     true,false\n',
  },
  {
    kind: 'custom-columns',
    title: 'an empty header, an empty path',
    template: ':.metadata.name,EMPTY:,LAST:.kind',
    stdout:
      '            EMPTY    LAST\nlogs-ap     <none>   ClusterProfile\norders-eu   <none>   ClusterProfile\norders-us   <none>   ClusterProfile\n',
  },
  {
    kind: 'custom-columns',
    title: 'wide characters count as one each',
    template: 'DISPLAY:.spec.displayName,NAME:.metadata.name',
    stdout:
      'DISPLAY                 NAME\nログ                      logs-ap\nOrders <EU> & "more"\u2028   orders-eu\nOrders US               orders-us\n',
  },
  {
    kind: 'custom-columns',
    title: 'tabs and line breaks in a value',
    template: 'NAME:.metadata.name,NOTE:.metadata.annotations.note,KIND:.kind',
    stdout:
      'NAME          NOTE   KIND\nlogs-ap       first line\nsecond line   ClusterProfile\norders-eu     two      cells, ^[[31mred^[[0m\\r   ClusterProfile\norders-us     <none>   ClusterProfile\n',
  },
  {
    kind: 'custom-columns',
    title: 'a header with a colon in its path',
    template: 'NAME:.metadata.name,PORT:.metadata.labels.a:b',
    stdout: 'NAME        PORT\nlogs-ap     <none>\norders-eu   <none>\norders-us   <none>\n',
  },
  {
    kind: 'custom-columns',
    title: 'recursion',
    template: 'NAME:.metadata.name,TYPES:..type',
    stdout:
      'NAME        TYPES\nlogs-ap     <none>\norders-eu   ControlPlaneHealthy,Joined\norders-us   ControlPlaneHealthy\n',
  },
];

const refused: KubectlDialectCase[] = [
  { kind: 'jsonpath', title: 'no template', template: '', reason: 'template format specified but no template given' },
  {
    kind: 'jsonpath',
    title: 'an escaped backslash in front of the quote',
    template: "{'\\\\'}",
    reason: 'unterminated quoted string',
  },
  {
    kind: 'jsonpath',
    title: 'a regular expression',
    template: '{.items[?(@.kind=~"^C")]}',
    reason: "unrecognized character in action: U+007E '~'",
  },
  { kind: 'jsonpath', title: 'an array without end', template: '{.items[}', reason: 'unterminated array' },
  { kind: 'jsonpath', title: 'braces without end', template: '{.items', reason: 'unclosed action' },
  { kind: 'jsonpath', title: 'a line break in braces', template: '{.items\n}', reason: 'unclosed action' },
  { kind: 'jsonpath', title: 'a quote without end', template: '{"abc}', reason: 'unterminated quoted string' },
  {
    kind: 'jsonpath',
    title: 'an unknown escape',
    template: '{"\\q"}',
    reason: 'unquote string "\\q" error invalid syntax',
  },
  {
    kind: 'jsonpath',
    title: 'half a surrogate pair',
    template: '{"\\ud800"}',
    reason: 'unquote string "\\ud800" error invalid syntax',
  },
  { kind: 'jsonpath', title: 'a word as index', template: '{.items[name]}', reason: 'invalid array index name' },
  {
    kind: 'jsonpath',
    title: 'a key in double quotes',
    template: '{.items["name"]}',
    reason: 'invalid array index "name"',
  },
  {
    kind: 'jsonpath',
    title: 'an index beyond 64 bits',
    template: '{.items[9223372036854775808]}',
    reason: 'array index 9223372036854775808 is not a number',
  },
  {
    kind: 'jsonpath',
    title: 'a lone minus as index',
    template: '{.items[-]}',
    reason: 'array index - is not a number',
  },
  { kind: 'jsonpath', title: 'a word in a union', template: "{.items['a',x]}", reason: 'invalid array index x' },
  { kind: 'jsonpath', title: 'a filter without end', template: '{.items[?(@.a=="b"]}', reason: 'unterminated filter' },
  {
    kind: 'jsonpath',
    title: 'a filter without its bracket',
    template: '{.items[?(@.a=="b")}',
    reason: 'unclosed array expect ]',
  },
  {
    kind: 'jsonpath',
    title: 'a quote without end in a filter',
    template: '{.items[?(@.a=="b)]}',
    reason: 'unterminated filter',
  },
  {
    kind: 'jsonpath',
    title: 'an unknown word as value',
    template: '{.items[?(@.kind==ClusterProfile)]}',
    reason: 'unrecognized identifier ClusterProfile',
  },
  {
    kind: 'jsonpath',
    title: 'three dots and one more',
    template: '{....name}',
    reason: 'invalid multiple recursive descent',
  },
  {
    kind: 'jsonpath',
    title: 'a star without a dot',
    template: '{*}',
    reason: "unrecognized character in action: U+002A '*'",
  },
  {
    kind: 'jsonpath',
    title: 'a brace in braces',
    template: '{{.items}}',
    reason: "unrecognized character in action: U+007B '{'",
  },
  { kind: 'jsonpath', title: 'a number with two points', template: '{1.2.3}', reason: 'cannot parse number 1.2.3' },
  {
    kind: 'jsonpath',
    title: 'a tab in braces',
    template: '{.items\t}',
    reason: 'unrecognized character in action: U+0009',
  },
  { kind: 'jsonpath', title: 'an unknown word', template: '{items}', reason: 'unrecognized identifier items' },
  {
    kind: 'jsonpath',
    title: 'an end without a range',
    template: '{.items[*].metadata.name}{end}',
    reason: 'not in range, nothing to end',
  },
  {
    kind: 'jsonpath',
    title: 'an index out of bounds',
    template: '{.items[9].metadata.name}',
    reason: 'array index out of bounds: index 9, length 3',
  },
  {
    kind: 'jsonpath',
    title: 'a negative index out of bounds',
    template: '{.items[-9].metadata.name}',
    reason: 'array index out of bounds: index -6, length 3',
  },
  {
    kind: 'jsonpath',
    title: 'a slice out of bounds',
    template: '{.items[0:9].metadata.name}',
    reason: 'array index out of bounds: index 8, length 3',
  },
  {
    kind: 'jsonpath',
    title: 'a slice backwards',
    template: '{.items[2:1].metadata.name}',
    reason: 'starting index 2 is greater than ending index 1',
  },
  { kind: 'jsonpath', title: 'a negative step', template: '{.items[::-1].metadata.name}', reason: 'step must be > 0' },
  {
    kind: 'jsonpath',
    title: 'an index into an object',
    template: '{.metadata[0]}',
    subject: 'one',
    reason: 'map[string]interface {} is not array or slice',
  },
  {
    kind: 'jsonpath',
    title: 'an index into a text',
    template: '{.kind[0]}',
    subject: 'one',
    reason: 'string is not array or slice',
  },
  {
    kind: 'jsonpath',
    title: 'a filter on an object',
    template: '{.status.version[?(@.a)]}',
    subject: 'one',
    reason: 'map[kubernetes:v1.31.4] is not array or slice and cannot be filtered',
  },
  {
    kind: 'jsonpath',
    title: 'an unknown operator',
    template: '{.items[?(@.kind="ClusterProfile")]}',
    reason: 'unrecognized filter operator =',
  },
  {
    kind: 'jsonpath',
    title: 'a whole number compared with a float',
    template: '{.status.conditions[?(@.observedGeneration>1.5)].type}',
    subject: 'one',
    reason: 'incompatible types for comparison',
  },
  {
    kind: 'jsonpath',
    title: 'an object compared',
    template: '{.items[?(@.metadata=="x")]}',
    reason: 'invalid type for comparison',
  },
  {
    kind: 'jsonpath',
    title: 'two values compared',
    template: '{.items[?(@.status.conditions[*].type=="x")].kind}',
    reason: 'can only compare one element at a time',
  },
  {
    kind: 'jsonpath',
    title: 'a failure in a range',
    template: '{range .items[*]}{.metadata.name[0]}{end}',
    reason: 'string is not array or slice',
  },
  { kind: 'jsonpath-as-json', title: 'a bad template for JSON', template: '{.items[}', reason: 'unterminated array' },
  {
    kind: 'jsonpath-as-json',
    title: 'a path that does not fit, for JSON',
    template: '{.kind[0]}',
    subject: 'one',
    reason: 'string is not array or slice',
  },
  {
    kind: 'custom-columns',
    title: 'no columns',
    template: '',
    reason: 'custom-columns format specified but no custom columns given',
  },
  {
    kind: 'custom-columns',
    title: 'a column without a colon',
    template: 'NAME',
    reason: 'unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>',
  },
  {
    kind: 'custom-columns',
    title: 'a comma too many',
    template: 'NAME:.metadata.name,',
    reason: 'unexpected custom-columns spec: , expected <header>:<json-path-expr>',
  },
  {
    kind: 'custom-columns',
    title: 'a union, cut at its comma',
    template: 'NAME:.metadata["a","b"]',
    reason: 'unexpected custom-columns spec: "b"], expected <header>:<json-path-expr>',
  },
  {
    kind: 'custom-columns',
    title: 'two pairs of braces',
    template: 'NAME:{.metadata.name}{.kind}',
    reason: "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
  },
  {
    kind: 'custom-columns',
    title: 'a bad path',
    template: 'NAME:.metadata.name,X:.status[}',
    reason: "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
  },
  {
    kind: 'custom-columns',
    title: 'an array without end in a column',
    template: 'NAME:.metadata.name,X:.status[',
    reason: 'unterminated array',
  },
  {
    kind: 'custom-columns',
    title: 'a filter with an unknown word in a column',
    template: 'NAME:.metadata.name,X:.status.conditions[?(@.type==x)].type',
    reason: 'unrecognized identifier x',
  },
  {
    kind: 'custom-columns',
    title: 'an index out of bounds in a column',
    template: 'NAME:.metadata.name,X:.status.properties[5].name',
    reason: 'array index out of bounds: index 5, length 0',
  },
  {
    kind: 'custom-columns',
    title: 'an index into an object in a column',
    template: 'NAME:.metadata[0]',
    reason: 'map[string]interface {} is not array or slice',
  },
];

/** Templates in kubectl's own dialect, good and bad ones, to compare a renderer with any kubectl and any hub. */
export const kubectlDialectCases: KubectlDialectCase[] = [...printed, ...refused];
