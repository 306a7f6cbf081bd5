import { codeOf } from '#libs/errors';
import { errors } from 'undici';

import { OutboundError, type OutboundFault } from './outbound.error.js';

/** How far an exchange had progressed when it failed. */
export type ExchangePhase = 'before-headers' | 'body';

const FAULT_OF_CODE: Readonly<Record<string, OutboundFault>> = {
  ECONNREFUSED: 'unreachable',
  ECONNRESET: 'connection',
  ECONNABORTED: 'connection',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EPIPE: 'connection',
  UND_ERR_SOCKET: 'connection',
  UND_ERR_HEADERS_OVERFLOW: 'notHttp',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'connectTimeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'truncated',
  UND_ERR_ABORTED: 'aborted',
  UND_ERR_DESTROYED: 'aborted',
  UND_ERR_CLOSED: 'aborted',
  EPROTO: 'tls',
  HOSTNAME_MISMATCH: 'tls',
  INVALID_CA: 'tls',
  INVALID_PURPOSE: 'tls',
  PATH_LENGTH_EXCEEDED: 'tls',
};

// OpenSSL has about forty verification results; the prefixes are stable, the list is not.
const TLS_FAMILIES = /^(CERT_|CRL_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERROR_IN_)/;

/**
 * Converts an error of undici, Node or OpenSSL.
 *
 * @returns an `OutboundError` with the original as its cause, without the response bytes that undici attaches, which
 *   may contain secrets. An `OutboundError` and a programming error (`UND_ERR_INVALID_ARG`) are returned unchanged.
 */
export function toOutboundError(error: unknown, phase: ExchangePhase): Error {
  if (error instanceof OutboundError) return error;
  const code = codeOf(error) ?? '';
  if (error instanceof Error && code === 'UND_ERR_INVALID_ARG') return error;
  if (error instanceof errors.HTTPParserError) Object.assign(error, { data: null });
  return new OutboundError(inPhase(phase, faultOf(error, code)), { cause: error });
}

function faultOf(error: unknown, code: string): OutboundFault {
  // Errors of the parser have a class, but not a code in every release of undici.
  if (error instanceof errors.HTTPParserError) return 'notHttp';
  return FAULT_OF_CODE[code] ?? (TLS_FAMILIES.test(code) ? 'tls' : 'connection');
}

/**
 * After the headers, a lost or garbled connection means a truncated body; before them, there is no body to truncate.
 */
function inPhase(phase: ExchangePhase, fault: OutboundFault): OutboundFault {
  if (phase === 'body') return ['connection', 'unreachable', 'notHttp'].includes(fault) ? 'truncated' : fault;
  return fault === 'truncated' ? 'notHttp' : fault;
}
