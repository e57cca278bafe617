/** A template kubectl refuses (`parse`) or fails on (`execute`): `message` is what kubectl prints behind `error: `. */
export class TemplateError extends Error {
  readonly stage: 'parse' | 'execute';
  /** The cause alone: kubectl's message of a failed run repeats the template and dumps the whole object. */
  readonly reason: string;
  /** Where the piece begins that jsonpath could not read, counted from 1. */
  readonly column: number | undefined;

  constructor(
    stage: 'parse' | 'execute',
    message: string,
    { reason = message, column }: { reason?: string; column?: number | undefined } = {},
  ) {
    super(message);
    this.name = 'TemplateError';
    this.stage = stage;
    this.reason = reason;
    this.column = column;
  }
}

/** A path that cannot be followed. */
export class EvaluationError extends Error {
  /** What had been found so far: an existence filter looks at it and ignores the error. */
  readonly found: readonly unknown[];

  constructor(message: string, found: readonly unknown[]) {
    super(message);
    this.name = 'EvaluationError';
    this.found = found;
  }
}

const isNamedError = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

/** Tells a TemplateError from any other error. */
export const isTemplateError = (error: unknown): error is TemplateError => isNamedError(error, 'TemplateError');

/** Tells an EvaluationError from any other error. */
export const isEvaluationError = (error: unknown): error is EvaluationError => isNamedError(error, 'EvaluationError');
