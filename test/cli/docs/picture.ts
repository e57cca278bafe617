import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fixtures, scratch } from '../../support/paths.ts';
import { startAtTerminal } from '../../support/terminal.ts';

/** How wide the terminal is. */
export const columns = 80;

/** What is typed, in a folder with two recorded inputs. */
const typed = [
  'import gke -f gke.json -n gke --output-dir fleet',
  'import eks -f eks.json -n eks --output-dir fleet',
  'list --inventory fleet',
  'summary --inventory fleet',
];

/** Each command line with what the built program prints at a terminal. */
export async function record(): Promise<{ command: string; screen: string }[]> {
  const cwd = scratch();
  cpSync(join(fixtures, 'gke', 'private-cluster', 'import.yaml'), join(cwd, 'gke.json'));
  cpSync(join(fixtures, 'eks', 'list-and-descriptions', 'import.yaml'), join(cwd, 'eks.json'));
  const recorded: { command: string; screen: string }[] = [];
  for (const words of typed) {
    const terminal = startAtTerminal(words.split(' '), { columns, cwd, env: { TERM: 'xterm' } });
    const code = await terminal.ended;
    if (code !== 0) throw new Error(`${words} ends with ${code}:\n${terminal.screen()}`);
    recorded.push({ command: `clusterprofile ${words}`, screen: terminal.screen() });
  }
  return recorded;
}

const size = { character: 8.4, line: 17, padding: 18, bar: 32 };

const style = `
  .paper { fill: #ffffff; stroke: #d0d7de; }
  .bar { fill: #f6f8fa; }
  .dot { fill: #d0d7de; }
  text { font: 14px ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328; }
  .prompt { fill: #1a7f37; font-weight: bold; }
  .typed { font-weight: bold; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117; stroke: #3d444d; }
    .bar { fill: #151b23; }
    .dot { fill: #3d444d; }
    text { fill: #e6edf3; }
    .prompt { fill: #3fb950; }
  }
`;

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(' ', '\u00a0');

const widthOf = (text: string): string => (text.length * size.character).toFixed(1);

/** A text in its cells, however wide the font of whoever looks at it is. */
const drawText = (text: string, column: number, line: number, kind = ''): string => {
  const x = (size.padding + column * size.character).toFixed(1);
  const y = size.bar + size.padding + line * size.line;
  const length = `textLength="${widthOf(text)}" lengthAdjust="spacingAndGlyphs"`;
  return `<text${kind && ` class="${kind}"`} x="${x}" y="${y}" ${length}>${escapeXml(text)}</text>\n`;
};

/** The terminal as a picture that needs no font, no script and nothing from elsewhere, in light and dark. */
export function draw(recorded: readonly { command: string; screen: string }[]): string {
  const texts: string[] = [];
  let line = 0;
  for (const { command, screen } of recorded) {
    line += line === 0 ? 1 : 2;
    texts.push(drawText('$', 0, line, 'prompt'), drawText(command, 2, line, 'typed'));
    for (const row of screen.trimEnd().split('\n')) {
      line++;
      if (row !== '') texts.push(drawText(row, 0, line));
    }
  }
  const width = Math.ceil(columns * size.character + 2 * size.padding);
  const height = size.bar + (line + 1) * size.line + size.padding;
  const dots = [20, 40, 60].map((x) => `<circle class="dot" cx="${x}" cy="${size.bar / 2}" r="6"/>\n`).join('');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">\n`,
    '<title>clusterprofile at a terminal</title>\n',
    `<desc>${escapeXml(recorded.map(({ command }) => command).join('; ')).replaceAll('\u00a0', ' ')}</desc>\n`,
    `<style>${style}</style>\n`,
    `<rect class="paper" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>\n`,
    `<path class="bar" d="M1 ${size.bar}V8.5A7.5 7.5 0 0 1 8.5 1H${width - 8.5}A7.5 7.5 0 0 1 ${width - 1} 8.5V${size.bar}Z"/>\n`,
    dots,
    ...texts,
    '</svg>\n',
  ].join('');
}
