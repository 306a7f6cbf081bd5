import {
  retryAfterMs,
  understoodStatus,
  type OutboundError,
  type OutboundErrorCode,
  type OutboundResponse,
} from '#libs/outbound-http';
import type { CuredCodes } from '../extension/codes.js';
import { ENGINE_CODES, failureWith, type HostSign, type ItemFailure } from './failure.js';

/** Failures of downloads, for every kind; `{noun}` stands for that of the kind. */
export const DOWNLOAD_FAILURES = {
  URL_BLOCKED: {
    sentence: 'The URL of the {noun} is not allowed',
    retryable: false,
    cure: 'Use the public URL of the file itself. If the archive is on an internal network, ask the operator of Reelport to allow it',
  },
  HOST_NOT_FOUND: {
    sentence: 'The host name of the {noun} does not resolve',
    retryable: true,
    cure: "Check the spelling of the host. If it is right, ask the archive's owner about its name servers, then retry",
  },
  CONNECTION_FAILED: {
    sentence: 'Could not connect to the server of the {noun}',
    retryable: true,
    cure: ENGINE_CODES.CONNECTION_FAILED.cure,
  },
  TLS_FAILED: {
    sentence: 'Could not establish a TLS connection to the server of the {noun}',
    retryable: false,
    cure: "Ask the archive's owner to renew or correct the certificate of the server, then retry",
  },
  TIMED_OUT: {
    sentence: 'The server of the {noun} timed out',
    retryable: true,
    cure: "Retry when the server is less busy; if it lasts, tell the archive's owner that the server is too slow",
  },
  TOO_MANY_REDIRECTS: {
    sentence: 'Too many redirects',
    retryable: false,
    cure: 'Use the URL of the file itself',
  },
  HTTP_STATUS: {
    sentence: 'Could not download the {noun}',
    retryable: false,
    cure: 'Open the URL yourself: the server does not answer it with the file',
  },
  TRUNCATED: {
    sentence: 'The download is incomplete',
    retryable: true,
    cure: "Retry. If the same files fail again, they are cut off in the archive: ask the archive's owner to restore them",
  },
  TOO_LARGE: {
    sentence: 'The file exceeds the size limit',
    retryable: false,
    cure: 'Provide a smaller version of the file, or ask the operator of Reelport to raise the limit',
  },
} as const satisfies CuredCodes;

/** With the code of a request that was cancelled. */
const FAILURES = { ...DOWNLOAD_FAILURES, CANCELLED: ENGINE_CODES.CANCELLED };

/**
 * Transient statuses; all others are permanent. 202 promises the file for later, 421 may succeed on another connection,
 * and 511 comes from an intermediate network.
 */
const TRANSIENT = new Set([202, 408, 421, 425, 429, 500, 502, 503, 504, 507, 511]);

/** Statuses by which a host declares itself overloaded, whatever the request (RFC 6585, 4; RFC 9110, 15.6.4). */
const BUSY = new Set([429, 503]);

const CODES: Record<OutboundErrorCode, keyof typeof FAILURES> = {
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
export function failureOfAnswer({ status, headers }: OutboundResponse): ItemFailure {
  const pause = retryAfterMs(headers['retry-after']);
  return failureWith(FAILURES, 'HTTP_STATUS', {
    clause: `the server answered ${status}`,
    retryable: TRANSIENT.has(understoodStatus(status)),
    httpStatus: status,
    host: BUSY.has(status) ? 'busy' : 'answered',
    ...(pause === null ? {} : { retryAfterMs: pause }),
  });
}

/** Failure for a partial response to a request for the whole file. */
export function failureOfPart({ status }: Pick<OutboundResponse, 'status'>): ItemFailure {
  return failureWith(FAILURES, 'TRUNCATED', {
    clause: 'the server sent only part of the file',
    httpStatus: status,
    host: 'answered',
  });
}

/** Failure for a request without a complete response. */
export function failureOfRequest(error: OutboundError): ItemFailure {
  const host = hostSign(error);
  return failureWith(FAILURES, CODES[error.code], {
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
