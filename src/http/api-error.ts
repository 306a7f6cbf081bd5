import { HttpException } from '@nestjs/common';
import { cappedDetails, type ErrorDetails } from './error-details.js';
import { errorName } from './error-names.js';

/** Statuses that the API raises on purpose. Anything unexpected is a 500 without details. */
export type ApiErrorStatus =
  400 | 401 | 403 | 404 | 405 | 408 | 409 | 410 | 412 | 413 | 414 | 415 | 416 | 422 | 429 | 431 | 503;

/** Body of every error response. */
export interface ErrorEnvelope {
  status: number;
  error: string;
  error_details: ErrorDetails;
}

export interface ApiErrorOptions {
  /** Seconds until a retry makes sense; sent as `Retry-After`. */
  retryAfter?: number;
  /** Additional response headers. */
  headers?: Record<string, string>;
  /** Logged, never sent to the client. */
  cause?: unknown;
}

/** An error whose details are sent to the client. Services and guards throw it, the error filter renders it. */
export class ApiError extends HttpException {
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param statusCode HTTP status
   * @param details sentences by field path
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

/** 400; details beyond the first 100 are only counted. */
export function badRequest(details: ErrorDetails): ApiError {
  const entries = Object.entries(details);
  return new ApiError(400, cappedDetails(entries, entries.length));
}

/** 401 with `WWW-Authenticate: Bearer` (RFC 6750, section 3). */
export function unauthorized(sentence: string): ApiError {
  return new ApiError(401, { access_token: sentence }, { headers: { 'www-authenticate': 'Bearer' } });
}

/** 403: the token is valid but lacks a scope. */
export function forbidden(sentence = 'The request requires higher privileges'): ApiError {
  return new ApiError(403, { access_token: sentence });
}

/** 404; also for resources of other projects. */
export function notFound(sentence: string, key = 'id'): ApiError {
  return new ApiError(404, { [key]: sentence });
}

/** 409: the request conflicts with the current state. */
export function conflict(details: ErrorDetails): ApiError {
  return new ApiError(409, details);
}

/** 413: the body exceeds the limit. */
export function payloadTooLarge(sentence: string): ApiError {
  return new ApiError(413, { body: sentence });
}

/** 415: the body format is not supported; `key` names the header that declares it. */
export function unsupportedMediaType(sentence: string, key = 'content-type'): ApiError {
  return new ApiError(415, { [key]: sentence });
}

/** 422: well-formed but not processable, such as an idempotency key reused with another body. */
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
