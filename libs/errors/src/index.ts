/**
 * The `code` of an error of Node, undici, PostgreSQL or Fastify, such as `ENOENT` or `23505`.
 *
 * @returns undefined for an error without a code, and for a value that is no error
 * @see https://nodejs.org/docs/latest-v20.x/api/errors.html#errorcode
 */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
