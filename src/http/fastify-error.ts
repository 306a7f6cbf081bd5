import { ApiError, badRequest, notFound, payloadTooLarge, unsupportedMediaType } from './api-error.js';
import { codeOf } from '#libs/errors';

/** Sentence for an unknown route. */
export const NO_SUCH_ROUTE = 'No route matches this method and path';

/** Sentence for a body that is not JSON. */
export const ONLY_JSON = 'Must be application/json';

/** Sentence for a body that exceeds the limit. */
export const SMALLER_BODY = 'Too large; split the batch into several requests';

/** By error code. Fastify's own messages use its terms and partly echo the input. */
const BY_CODE: Readonly<Record<string, () => ApiError>> = {
  FST_ERR_BAD_URL: () => badRequest({ url: 'Must be a URL path whose percent-encoding is valid UTF-8' }),
  // An id longer than any issued id is unknown.
  FST_ERR_MAX_PARAM_LENGTH: () => notFound(NO_SUCH_ROUTE, 'url'),
  // @fastify/static, for paths that it does not serve. A 403 would suggest a token problem.
  FST_STATIC_FORBIDDEN_PATH: () => notFound(NO_SUCH_ROUTE, 'url'),
  FST_ERR_NOT_FOUND: () => notFound(NO_SUCH_ROUTE, 'url'),
  FST_ERR_CTP_BODY_TOO_LARGE: () => payloadTooLarge(SMALLER_BODY),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => unsupportedMediaType(ONLY_JSON),
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: () => unsupportedMediaType(ONLY_JSON),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    badRequest({ body: 'Must be as long as the Content-Length header declares' }),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => badRequest({ body: 'Must be a JSON object, not an empty body' }),
  FST_ERR_CTP_INVALID_JSON_BODY: () => badRequest({ body: 'Must be valid JSON' }),
};

/**
 * Translates an error that Fastify's router or body reader raised.
 *
 * @param thrown any thrown value
 * @returns undefined if it is no such error, or one of the service (status 500)
 */
export function fromFastifyError(thrown: unknown): ApiError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const code = codeOf(thrown);
  if (code !== undefined && Object.hasOwn(BY_CODE, code)) return BY_CODE[code]?.();
  // Fastify marks every failure to read a body with this status. Errors of http-errors, which have "expose", concern
  // something else.
  if ('statusCode' in thrown && thrown.statusCode === 400 && !('expose' in thrown))
    return badRequest({ body: 'The body did not arrive in full; send it again' });
  return undefined;
}
