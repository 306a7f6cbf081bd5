const MAX_LENGTH = 300;

/** A URL up to its host, and the rest, which may hold a secret. */
const URLS = /\b([a-z][a-z\d+.-]*:\/\/)(?:[^\s/@]*@)?([^\s/?#'"<>]*)[^\s'"<>]*/gi;
const SECRETS =
  /\b(authorization|bearer|basic|[\w-]*(?:token|secret|password|api[-_]?key|access[-_]?key))("?\s*[:=]\s*|\s+)(?:bearer |basic )?"?[^\s",;]+/gi;

/**
 * Describes the error of a listener in one line, for people who may not see its stack: without what follows the host of
 * a URL, and without values that are named like a secret.
 */
export function errorLine(error: unknown): string {
  if (!(error instanceof Error)) return 'The listener threw a value that is not an Error';
  const [first = ''] = `${error.name}: ${error.message}`.split(/[\r\n]/, 1);
  const line = first
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(URLS, '$1$2')
    .replaceAll(SECRETS, '$1$2…')
    .trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1).toWellFormed()}…` : line;
}
