// CHANGELOG.md from Conventional Commits: what was added, mended and made faster since the tag before.
import { execFileSync } from 'node:child_process';

const sections = { feat: 'Added', fix: 'Fixed', perf: 'Faster' };

const git = (root, ...words) => execFileSync('git', words, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 }).trim();

/** The tag of the release before, if there is one. */
function findLastTag(root) {
  try {
    return execFileSync('git', ['describe', '--tags', '--abbrev=0', '--match', 'v*', 'HEAD^'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

/** Subjects of commits as a changelog: `feat(scope): text`, and `!` for what breaks. Others are left out. */
export function formatChangelog(version, date, subjects) {
  const entries = subjects.flatMap((subject) => {
    const [, type, scope, breaks, text] = /^(\w+)(?:\(([^)]*)\))?(!)?: (.+)$/.exec(subject) ?? [];
    const section = breaks ? 'Breaking' : sections[type];
    return section === undefined ? [] : [{ section, text: scope ? `**${scope}**: ${text}` : text }];
  });
  const parts = ['Breaking', ...Object.values(sections)].flatMap((section) => {
    const own = entries.filter((each) => each.section === section);
    return own.length === 0 ? [] : [`### ${section}\n\n${own.map(({ text }) => `- ${text}`).join('\n')}\n`];
  });
  return [`# Changelog\n`, `## ${version} (${date})\n`, ...parts].join('\n');
}

/** The changelog of a release, whose time is seconds since the epoch. */
export function buildChangelog(root, version, time) {
  const last = findLastTag(root);
  const range = last === undefined ? 'HEAD' : `${last}..HEAD`;
  const subjects = git(root, 'log', '--no-merges', '--format=%s', range).split('\n');
  return formatChangelog(version, new Date(time * 1000).toISOString().slice(0, 10), subjects);
}
