import { inspect } from 'node:util';

const MAX_CAUSES = 5;

/**
 * The stack of an error and of its causes, for the log. Only stacks: the other properties of an error can hold
 * parameters of queries, headers and tokens.
 *
 * @param thrown anything that was thrown
 * @returns text of one or more lines
 */
export function stackWithCauses(thrown: unknown): string {
  const parts: string[] = [];
  for (let error = thrown; error !== undefined && parts.length < MAX_CAUSES;) {
    if (!(error instanceof Error)) {
      parts.push(inspect(error, { depth: 1, breakLength: Infinity }));
      break;
    }
    parts.push(error.stack ?? `${error.name}: ${error.message}`);
    error = error.cause;
  }
  return parts.join('\nCaused by: ');
}
