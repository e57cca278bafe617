/** A word that may follow, and what it is. */
export type Candidate = readonly [value: string, description?: string];

/** What may follow: words that are known here, or the names of files. */
export interface Answer {
  candidates: readonly Candidate[];
  /** Paths may stand there, which the shell completes itself. */
  paths?: 'files' | 'directories';
}

export const nothing: Answer = { candidates: [] };

export const offerWords = (words: readonly string[]): Answer => ({ candidates: words.map((word) => [word]) });

/** The directives of cobra, by which kubectl and the scripts of `completion` know what else a shell may do. */
const directives = { files: 0, noSpace: 2, noFiles: 4, directories: 16 } as const;

/** What goes on behind a word that is complete so far: `--property tier=`, `--from karmada:`. */
const goesOn = /[=:]$/;

/** The directive for an answer, of which `shown` are the candidates that fit. */
export function findDirective({ paths }: Answer, shown: readonly Candidate[]): number {
  const noSpace = shown.length > 0 && shown.every(([value]) => goesOn.test(value)) ? directives.noSpace : 0;
  return noSpace + (paths === undefined ? directives.noFiles : directives[paths]);
}
