import type { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import { ApiError, type ApiErrorStatus } from './api-error.js';
import type { ErrorDetails } from './error-details.js';
import { NO_SUCH_ROUTE, ONLY_JSON } from './fastify-error.js';

interface Plain {
  status: ApiErrorStatus;
  /** Key of the detail. */
  key: string;
  /** Sentence for an exception without its own message. */
  sentence: string;
}

const BAD_REQUEST: Plain = { status: 400, key: 'request', sentence: 'Must be a well-formed request' };

const ALL: readonly Plain[] = [
  BAD_REQUEST,
  { status: 401, key: 'access_token', sentence: 'Must be a valid bearer token' },
  { status: 403, key: 'access_token', sentence: 'The request requires higher privileges' },
  { status: 404, key: 'id', sentence: 'No resource has this id' },
  { status: 408, key: 'request', sentence: 'Request timed out; send it in full within the time limit' },
  { status: 409, key: 'request', sentence: 'Conflicts with the current state' },
  { status: 412, key: 'precondition', sentence: 'The file does not meet the preconditions of the request' },
  { status: 413, key: 'body', sentence: 'Too large' },
  { status: 414, key: 'url', sentence: 'Must be shorter' },
  { status: 415, key: 'content-type', sentence: ONLY_JSON },
  { status: 416, key: 'range', sentence: 'Must start before the end of the file' },
  { status: 422, key: 'request', sentence: 'Cannot be processed' },
  { status: 429, key: 'request', sentence: 'Rate limit exceeded; retry in 5 seconds' },
  { status: 431, key: 'headers', sentence: 'Too large; send fewer or shorter headers' },
  {
    status: 503,
    key: 'service',
    sentence: 'The service is unavailable; retry in 5 seconds',
  },
];

const BY_STATUS = new Map<number, Plain>(ALL.map((plain) => [plain.status, plain]));

/** Message of Nest's not-found handler; it echoes the URL. */
const NOT_ROUTED = /^Cannot [A-Z]+ /;

/** Nest's default messages, which say less than the sentences above. */
const GENERIC_MESSAGES = new Set([
  ...Object.values(STATUS_CODES),
  'Forbidden resource',
  'Service Unavailable Exception',
]);

/**
 * Translates an exception of Nest, raised by a guard, a pipe, the router, a health check or another module.
 *
 * @param exception any HttpException that is not an ApiError
 * @returns undefined for a 5xx other than 503, which is an unexpected failure
 */
export function fromHttpException(exception: HttpException): ApiError | undefined {
  const status = exception.getStatus();
  const plain = BY_STATUS.get(status) ?? (status >= 400 && status < 500 ? BAD_REQUEST : undefined);
  if (!plain) return undefined;
  const options = {
    headers: headersOf(status, exception),
    retryAfter: status === 503 || status === 429 ? 5 : undefined,
    cause: exception,
  };
  if (status === 404 && NOT_ROUTED.test(exception.message)) {
    return new ApiError(404, { url: NO_SUCH_ROUTE }, options);
  }
  const details = failedChecks(exception) ?? { [plain.key]: ownSentence(exception) ?? plain.sentence };
  return new ApiError(plain.status, details, options);
}

function headersOf(status: number, { cause }: HttpException): Record<string, string> | undefined {
  if (status === 401) return { 'www-authenticate': 'Bearer' };
  // @fastify/send provides the size of the file (RFC 9110, section 15.5.17).
  if (status === 416 && cause instanceof Error && 'headers' in cause) return contentRangeOf(cause.headers);
  return undefined;
}

function contentRangeOf(headers: unknown): Record<string, string> | undefined {
  if (typeof headers !== 'object' || headers === null || !('Content-Range' in headers)) return undefined;
  return { 'content-range': String(headers['Content-Range']) };
}

function ownSentence(exception: HttpException): string | undefined {
  const response = exception.getResponse();
  const message = typeof response === 'string' ? response : (response as { message?: unknown }).message;
  if (Array.isArray(message)) return message.map(String).join('; ');
  if (typeof message !== 'string' || GENERIC_MESSAGES.has(message)) return undefined;
  return message;
}

/** A failed health check carries `{error: {name: {status: "down", …}}}`. The names are shown, the reasons are not. */
function failedChecks(exception: HttpException): ErrorDetails | undefined {
  const response = exception.getResponse();
  if (typeof response !== 'object') return undefined;
  const { error } = response as { error?: unknown };
  if (typeof error !== 'object' || error === null) return undefined;
  const names = Object.keys(error);
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, 'This is down']));
}
