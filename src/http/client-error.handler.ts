import type { Socket } from 'node:net';
import { errorName } from './error-names.js';
import type { ErrorEnvelope } from './api-error.js';
import { isTimedByRoute } from './streamed-body.js';

const REQUEST_TIMEOUT = 'ERR_HTTP_REQUEST_TIMEOUT';

/** Errors of Node's HTTP parser, by code. */
const BY_CODE: Readonly<Record<string, readonly [status: number, key: string, sentence: string]>> = {
  [REQUEST_TIMEOUT]: [408, 'request', 'Request timed out; send it in full within the time limit'],
  HPE_HEADER_OVERFLOW: [431, 'headers', 'Too large; send fewer or shorter headers'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'body', 'Chunk extensions are too long'],
};

const MALFORMED = [400, 'request', 'Must be a well-formed HTTP request'] as const;

/**
 * Answers malformed HTTP on the raw socket, because no reply object exists yet. For Fastify's `clientErrorHandler`
 * option.
 */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === REQUEST_TIMEOUT && isTimedByRoute(socket)) return;
  // The client has disconnected.
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(rawAnswer(error.code ?? ''));
  socket.destroy(error);
}

function rawAnswer(code: string): string {
  const [status, key, sentence] = BY_CODE[code] ?? MALFORMED;
  const envelope: ErrorEnvelope = { status, error: errorName(status), error_details: { [key]: sentence } };
  const body = JSON.stringify(envelope);
  return [
    `HTTP/1.1 ${status} ${errorName(status)}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
