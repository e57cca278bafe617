// npm run house: measures of `src/` that say whether a stranger finds the way, before and after a change. An argument
// names another `src/` to measure, --names lists what stands in more than one file.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const source =
  process.argv.slice(2).find((word) => !word.startsWith('-')) ?? join(import.meta.dirname, '..', '..', 'src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const texts = new Map(files.map((file) => [file, readFileSync(join(source, file), 'utf8')]));
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const count = (pattern, of = () => true) =>
  [...texts].reduce((sum, [file, text]) => sum + (of(file) ? [...text.matchAll(pattern)].length : 0), 0);
const linesOf = (file) => texts.get(file).split('\n').length - 1;

const folders = new Map();
for (const file of files) folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1);
const sizes = [...folders.values()];

const declared =
  /^(?:export )?(?:async )?(?:const|function\*?) (\w+)(?= = (?:async )?(?:<[^>]*>)?\(|[(<])|^(?:export )?const (\w+)(?::[^=]*)? = (?:async )?\(/gm;
const functions = [...texts.values()].flatMap((text) => [...text.matchAll(declared)].map(([, a, b]) => a ?? b));
const verbs =
  /^(?:accept|add|allow|ask|assert|build|call|carry|check|choose|clear|close|collect|combine|compare|compile|complete|confirm|connect|copy|count|create|cut|decode|dedupe|define|deliver|describe|differ|dispatch|do|drop|emit|encode|end|ensure|escape|exec|execute|expand|explain|export|fail|fetch|fill|filter|find|finish|fold|follow|format|forward|from|gather|get|give|group|guard|handle|has|import|infer|inspect|invoke|is|join|judge|keep|limit|lint|list|load|locate|look|make|mark|mask|match|matches|may|measure|merge|move|mute|name|need|normalise|note|open|order|pad|paint|parse|pass|pick|place|plan|pool|prefer|prepare|print|probe|propose|prune|put|quote|read|reach|record|redact|refuse|release|remove|render|repeat|replace|report|request|resolve|restore|retire|retry|return|run|sanitise|save|say|search|select|send|set|settle|show|skip|sort|split|start|stop|store|strip|suggest|sum|take|tell|test|throw|to|translate|trim|unwrap|update|use|validate|verify|visit|wait|walk|want|warn|watch|with|without|wrap|write)(?=[A-Z]|$)/;
const led = functions.filter((name) => verbs.test(name));

const homes = new Map();
for (const [file, text] of texts)
  for (const [, name] of text.matchAll(
    /^(?:export )?(?:async )?(?:const|let|function\*?|class|interface|type) (\w+)/gm,
  ))
    homes.set(name, new Set([...(homes.get(name) ?? []), file]));
const doubled = [...homes].filter(([, where]) => where.size > 1);
const exported = count(/^export (?:default )?(?:async )?(?:const|let|function\*?|class|interface|type) \w+/gm);
const verbFiles = new Set([
  'access',
  'apply',
  'completion',
  'crd',
  'delete',
  'describe',
  'diff',
  'explain',
  'export',
  'import',
  'list',
  'validate',
  'version',
  'wait',
  'complete',
]);
const noCommands = files.filter(
  (file) => file.startsWith('commands/') && !verbFiles.has(file.replace(/^.*\/|\.ts$/g, '')),
);

const rows = [
  ['files a folder, median / max', `${median(sizes)} / ${Math.max(...sizes)}`, '3 / 15'],
  [
    'files in commands/ that are no command',
    `${noCommands.length} of ${files.filter((file) => file.startsWith('commands/')).length}`,
    '<= 7',
  ],
  [
    'adapter file, median lines',
    median(
      files.filter((file) => /^systems\/./.test(file) && !/^systems\/(index|system)\.ts$/.test(file)).map(linesOf),
    ),
    '<= 110',
  ],
  ['module-level WeakMaps', count(/^(?:export )?const \w+ = new WeakMap/gm), 0],
  ['warnings: string[] out-parameters', count(/\bwarnings?: string\[\]/g), 0],
  ['reads of a flag by its name', count(/options\['\w+'\]|\((?:context\.)?options, '\w+'/g), 0],
  ['functions that begin with a verb', `${((100 * led.length) / functions.length).toFixed(0)} %`, '>= 65 %'],
  ['top-level names in more than one file', `${((100 * doubled.length) / homes.size).toFixed(1)} %`, '< 4 %'],
  ['exported names', exported, 'fewer than before'],
  [
    'files / lines',
    `${files.length} / ${files.reduce((sum, file) => sum + linesOf(file), 0)}`,
    'fewer lines than before',
  ],
];
const widths = [0, 1].map((column) => Math.max(...rows.map((row) => String(row[column]).length)));
for (const [what, now, target] of rows)
  console.log(`${what.padEnd(widths[0])}  ${String(now).padEnd(widths[1])}  ${target}`);
if (process.argv.includes('--names'))
  for (const [name, where] of doubled) console.log(`${name}: ${[...where].join(', ')}`);
