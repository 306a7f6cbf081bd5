import type { Socket } from 'node:net';
import { errorName } from './error-names.js';
import type { ErrorEnvelope } from './api-error.js';

/** What Node's HTTP parser gives up on, by the code of its error. */
const BY_CODE: Readonly<Record<string, readonly [status: number, key: string, sentence: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request', 'This must arrive in full within the time limit'],
  HPE_HEADER_OVERFLOW: [431, 'headers', 'These must be shorter'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'body', 'This must have shorter chunk extensions'],
};

const MALFORMED = [400, 'request', 'This must be a well-formed HTTP request'] as const;

/**
 * Answers what is not HTTP enough to become a request: there is no reply object yet, only the socket.
 * For the `clientErrorHandler` option of Fastify.
 */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  // Nobody is left to be answered.
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
