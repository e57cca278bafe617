import { TemplateError } from '../../../src/output/jsonpath/errors.ts';

/** The TemplateError of a function, undefined if it returns; any other error is passed on. */
export function templateErrorOf(run: () => unknown): TemplateError | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  return undefined;
}

/** What a renderer prints, or the message of its TemplateError. */
export function outcomeOf(render: () => string): string {
  let text = '';
  const error = templateErrorOf(() => {
    text = render();
  });
  return error?.message ?? text;
}
