import { ApiError, badRequest, notFound, payloadTooLarge, unsupportedMediaType } from './api-error.js';
import { codeOf } from './error-code.js';

/** What is said about a request for something that is not there. */
export const NO_SUCH_ROUTE = 'There is nothing at this address for this method';

/** What is said about a body that is not JSON. */
export const ONLY_JSON = 'This must be application/json';

/** What is said about a body beyond the limit. */
export const SMALLER_BODY = 'This must be a smaller body: send the batch in several parts';

/** By the code of the error; their own messages name Fastify's terms and partly echo what was sent. */
const BY_CODE: Readonly<Record<string, () => ApiError>> = {
  FST_ERR_BAD_URL: () => badRequest({ url: 'This must be a URL path whose percent-encoding is valid UTF-8' }),
  // An id longer than any id we hand out is an unknown one.
  FST_ERR_MAX_PARAM_LENGTH: () => notFound(NO_SUCH_ROUTE, 'url'),
  // @fastify/static of paths that it does not look at. A 403 would speak of tokens.
  FST_STATIC_FORBIDDEN_PATH: () => notFound(NO_SUCH_ROUTE, 'url'),
  FST_ERR_NOT_FOUND: () => notFound(NO_SUCH_ROUTE, 'url'),
  FST_ERR_CTP_BODY_TOO_LARGE: () => payloadTooLarge(SMALLER_BODY),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => unsupportedMediaType(ONLY_JSON),
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: () => unsupportedMediaType(ONLY_JSON),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    badRequest({ body: 'This must be as long as the Content-Length header says' }),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => badRequest({ body: 'This must be a JSON object, not an empty body' }),
  FST_ERR_CTP_INVALID_JSON_BODY: () => badRequest({ body: 'This must be valid JSON' }),
};

/**
 * Translates an error that Fastify raised about a request: its router, its body reader.
 *
 * @param thrown anything
 * @returns undefined where it is not one, or one that is our own fault (status 500)
 */
export function fromFastifyError(thrown: unknown): ApiError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const code = codeOf(thrown);
  if (code !== undefined && Object.hasOwn(BY_CODE, code)) return BY_CODE[code]?.();
  // Fastify marks what goes wrong while it reads a body with this status, whatever the error is.
  // Errors of http-errors, which have "expose", are about something else.
  if ('statusCode' in thrown && thrown.statusCode === 400 && !('expose' in thrown))
    return badRequest({ body: 'This must be a body that arrives in full' });
  return undefined;
}
