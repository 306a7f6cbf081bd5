import {
  retryAfterMs,
  understoodStatus,
  type OutboundError,
  type OutboundErrorCode,
  type OutboundResponse,
} from '#libs/outbound-http';
import type { HostSign } from '../../imports/failure.js';
import { failure, type MediaFailureCode } from '../media-failures.js';

/**
 * Transient statuses; all others are permanent. 202 promises the file for later, 421 may succeed on another connection,
 * and 511 comes from an intermediate network.
 */
const TRANSIENT = new Set([202, 408, 421, 425, 429, 500, 502, 503, 504, 507, 511]);

/** Statuses by which a host declares itself overloaded, whatever the request (RFC 6585, 4; RFC 9110, 15.6.4). */
const BUSY = new Set([429, 503]);

const CODES: Record<OutboundErrorCode, MediaFailureCode> = {
  URL_BLOCKED: 'URL_BLOCKED',
  HOST_NOT_FOUND: 'HOST_NOT_FOUND',
  CONNECTION_FAILED: 'CONNECTION_FAILED',
  TLS_FAILED: 'TLS_FAILED',
  TIMED_OUT: 'TIMED_OUT',
  TOO_MANY_REDIRECTS: 'TOO_MANY_REDIRECTS',
  TRUNCATED: 'TRUNCATED',
  TOO_LARGE: 'TOO_LARGE',
  CONTENT_ENCODED: 'HTTP_STATUS',
  ABORTED: 'CANCELLED',
};

/** Failure for a response that is not the file. */
export function failureOfAnswer({ status, headers }: OutboundResponse): Error {
  const pause = retryAfterMs(headers['retry-after']);
  return failure('HTTP_STATUS', {
    clause: `the server answered ${status}`,
    retryable: TRANSIENT.has(understoodStatus(status)),
    host: BUSY.has(status) ? 'busy' : 'answered',
    ...(pause === null ? {} : { retryAfterMs: pause }),
  });
}

/** Failure for a partial response to a request for the whole file. */
export function failureOfPart(): Error {
  return failure('TRUNCATED', { clause: 'the server sent only part of the file', host: 'answered' });
}

/** Failure for a request without a complete response. */
export function failureOfRequest(error: OutboundError): Error {
  const host = hostSign(error);
  return failure(CODES[error.code], {
    clause: clauseOf(error),
    retryable: error.temporary,
    cause: error,
    ...(host === undefined ? {} : { host }),
  });
}

function hostSign({ code, fault, hostUnreachable }: OutboundError): HostSign | undefined {
  if (hostUnreachable) return 'unreachable';
  if (fault === 'connection') return 'busy';
  return code === 'URL_BLOCKED' || code === 'HOST_NOT_FOUND' || code === 'ABORTED' ? undefined : 'answered';
}

/** Turns the sentence of the HTTP client into a clause: lower-case first letter, no full stop. */
function clauseOf({ message }: OutboundError): string {
  return message.replace(/\.$/, '').replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}
