import { inspect } from 'node:util';

const MAX_CAUSES = 5;

/**
 * Formats the stack of an error and its causes for the log. Other properties are left out: they can hold query
 * parameters, headers and tokens.
 *
 * @param thrown any thrown value
 * @returns one or more lines
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
