import { HttpException } from '@nestjs/common';
import { cappedDetails, type ErrorDetails } from './error-details.js';
import { errorName } from './error-names.js';

/** The statuses that are errors of the API's own making; anything unexpected is a 500 and has no details of its own. */
export type ApiErrorStatus =
  400 | 401 | 403 | 404 | 405 | 408 | 409 | 412 | 413 | 414 | 415 | 416 | 422 | 429 | 431 | 503;

/** The body of every error answer. */
export interface ErrorEnvelope {
  status: number;
  error: string;
  error_details: ErrorDetails;
}

export interface ApiErrorOptions {
  /** Seconds after which trying again makes sense: the `Retry-After` header. */
  retryAfter?: number;
  /** Further headers of the answer. */
  headers?: Record<string, string>;
  /** What led here; for the log, never for the client. */
  cause?: unknown;
}

/** An error that a client is told about in full: thrown by services and guards, answered by the error filter. */
export class ApiError extends HttpException {
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param statusCode the HTTP status
   * @param details what is wrong, by where
   * @param options headers and cause
   */
  constructor(
    readonly statusCode: ApiErrorStatus,
    readonly details: ErrorDetails,
    options: ApiErrorOptions = {},
  ) {
    const body: ErrorEnvelope = { status: statusCode, error: errorName(statusCode), error_details: details };
    super(body, statusCode, { cause: options.cause });
    this.message = `${body.error}: ${Object.keys(details).join(', ')}`;
    this.headers = {
      ...options.headers,
      ...(options.retryAfter !== undefined && { 'retry-after': String(Math.ceil(options.retryAfter)) }),
    };
  }

  get envelope(): ErrorEnvelope {
    return { status: this.statusCode, error: errorName(this.statusCode), error_details: this.details };
  }
}

/** 400; more than 100 details are capped. */
export function badRequest(details: ErrorDetails): ApiError {
  const entries = Object.entries(details);
  return new ApiError(400, cappedDetails(entries, entries.length));
}

/** 401 with `WWW-Authenticate: Bearer` (RFC 6750, section 3). */
export function unauthorized(sentence: string): ApiError {
  return new ApiError(401, { access_token: sentence }, { headers: { 'www-authenticate': 'Bearer' } });
}

/** 403: the token is good, but lacks a scope. */
export function forbidden(sentence = 'The request requires higher privileges'): ApiError {
  return new ApiError(403, { access_token: sentence });
}

/** 404; also for what exists but belongs to another project. */
export function notFound(sentence: string, key = 'id'): ApiError {
  return new ApiError(404, { [key]: sentence });
}

/** 409: what is asked for does not fit the present state. */
export function conflict(details: ErrorDetails): ApiError {
  return new ApiError(409, details);
}

/** 413: a body beyond the limit. */
export function payloadTooLarge(sentence: string): ApiError {
  return new ApiError(413, { body: sentence });
}

/** 415: a body in a form that is not read here; `key` is the header that says so. */
export function unsupportedMediaType(sentence: string, key = 'content-type'): ApiError {
  return new ApiError(415, { [key]: sentence });
}

/** 422: well-formed, but cannot be followed, such as a reused idempotency key with another body. */
export function unprocessable(details: ErrorDetails): ApiError {
  return new ApiError(422, details);
}

/** 429 with `Retry-After`, in seconds. */
export function usageLimitExceeded(details: ErrorDetails, retryAfter: number): ApiError {
  return new ApiError(429, details, { retryAfter });
}

/** 503 with `Retry-After`, in seconds. */
export function serviceUnavailable(sentence: string, retryAfter: number, cause?: unknown): ApiError {
  return new ApiError(503, { service: sentence }, { retryAfter, cause });
}
