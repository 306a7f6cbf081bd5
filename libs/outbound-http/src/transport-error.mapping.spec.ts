import { inspect } from 'node:util';

import { errors } from 'undici';
import { describe, expect, it } from 'vitest';

import { OutboundError, type OutboundErrorCode } from './outbound.error.js';
import { toOutboundError } from './transport-error.mapping.js';

const failure = (code: string): Error => Object.assign(new Error(`10.0.0.1:6379 ${code}`), { code });

describe('toOutboundError', () => {
  const TABLE: readonly [string, OutboundErrorCode, OutboundErrorCode][] = [
    ['ECONNREFUSED', 'CONNECTION_FAILED', 'TRUNCATED'],
    ['ECONNRESET', 'CONNECTION_FAILED', 'TRUNCATED'],
    ['EHOSTUNREACH', 'CONNECTION_FAILED', 'TRUNCATED'],
    ['EPIPE', 'CONNECTION_FAILED', 'TRUNCATED'],
    ['UND_ERR_SOCKET', 'CONNECTION_FAILED', 'TRUNCATED'],
    ['UND_ERR_HEADERS_OVERFLOW', 'CONNECTION_FAILED', 'TRUNCATED'],
    ['SOMETHING_NEW', 'CONNECTION_FAILED', 'TRUNCATED'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'CONNECTION_FAILED', 'TRUNCATED'],
    ['ETIMEDOUT', 'TIMED_OUT', 'TIMED_OUT'],
    ['UND_ERR_CONNECT_TIMEOUT', 'TIMED_OUT', 'TIMED_OUT'],
    ['CERT_HAS_EXPIRED', 'TLS_FAILED', 'TLS_FAILED'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS_FAILED', 'TLS_FAILED'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'TLS_FAILED', 'TLS_FAILED'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS_FAILED', 'TLS_FAILED'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS_FAILED', 'TLS_FAILED'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS_FAILED', 'TLS_FAILED'],
    ['EPROTO', 'TLS_FAILED', 'TLS_FAILED'],
    ['UND_ERR_DESTROYED', 'ABORTED', 'ABORTED'],
  ];

  it.each(TABLE)('maps %s to %s, and to %s in the body', (code, before, during) => {
    const cause = failure(code);
    const named = [toOutboundError(cause, 'before-headers'), toOutboundError(cause, 'body')];
    expect(named).toEqual([expect.any(OutboundError), expect.any(OutboundError)]);
    expect(named).toMatchObject([
      { code: before, cause },
      { code: during, cause },
    ]);
    for (const { message } of named) expect(message).not.toMatch(/\d/);
  });

  it('maps a parser error to a permanent failure before the body, and to a truncation in it', () => {
    const cause = new errors.HTTPParserError('Expected HTTP/');
    expect(toOutboundError(cause, 'before-headers')).toMatchObject({ fault: 'notHttp', temporary: false });
    expect(toOutboundError(cause, 'body')).toMatchObject({ fault: 'truncated', temporary: true });
  });

  it('drops the bytes that the parser could not read', () => {
    const cause = Object.assign(new errors.HTTPParserError('Expected HTTP/'), {
      data: 'secret of the server',
    });
    const error = toOutboundError(cause, 'body');
    expect(error.cause).toBe(cause);
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('secret');
  });

  it('maps contradictory lengths in the headers to invalid HTTP', () => {
    const cause = failure('UND_ERR_RES_CONTENT_LENGTH_MISMATCH');
    expect(toOutboundError(cause, 'before-headers')).toMatchObject({ fault: 'notHttp', temporary: false });
  });

  it('returns a programming error unchanged', () => {
    const wrong = failure('UND_ERR_INVALID_ARG');
    expect(toOutboundError(wrong, 'before-headers')).toBe(wrong);
  });
});
