import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { statusOf, type Answer, type Content } from './origin.answer.js';
import { etagOf, select, type Selection } from './origin.conditions.js';

const PIECE = 64 * 1024;

/** Callbacks of the sender. */
export interface SendContext {
  /** Waits for the release of the answer. */
  hold: () => Promise<void>;
  /** Called with the status before the first byte. */
  onStatus: (status: number) => void;
  /** Called when the socket has accepted this many bytes of the body. */
  onBytes: (count: number) => void;
}

/** Sends one answer with all faults of its script. */
export async function send(
  answer: Answer,
  content: Content,
  request: IncomingMessage,
  response: ServerResponse,
  context: SendContext,
): Promise<void> {
  if (answer.delayMs !== undefined) await delay(answer.delayMs);
  if (answer.hang === 'headers') await context.hold();
  if (answer.reset) {
    context.onStatus(0);
    request.socket.resetAndDestroy();
    return;
  }
  const status = statusOf(answer);
  const selection =
    status === 200 ? select(answer, content, request.headers) : { status, start: 0, end: content.size - 1 };
  context.onStatus(selection.status);
  response.writeHead(selection.status, headersOf(answer, content, selection));

  const length = selection.end - selection.start + 1;
  if (request.method === 'HEAD' || selection.status === 304 || selection.status === 204) {
    response.end();
  } else if (isPlain(answer) && Buffer.isBuffer(content.source) && length <= PIECE) {
    context.onBytes(length);
    response.end(content.source.subarray(selection.start, selection.end + 1));
  } else {
    await sendSlowly(answer, content, selection, response, context);
  }
}

function isPlain({ cutAfterBytes, bytesPerSecond, hang, lyingContentLength }: Answer): boolean {
  return (
    cutAfterBytes === undefined &&
    bytesPerSecond === undefined &&
    hang !== 'body' &&
    lyingContentLength === undefined
  );
}

function headersOf(
  answer: Answer,
  content: Content,
  { status, start, end }: Selection,
): Record<string, string> {
  const headers: Record<string, string> = {};
  const etag = etagOf(answer, content);
  const isContent = status === 200 || status === 206 || status === 304;
  if (isContent && etag !== undefined) headers['etag'] = etag;
  if (isContent && answer.lastModified) headers['last-modified'] = answer.lastModified.toUTCString();
  if (isContent && answer.ranges !== false) headers['accept-ranges'] = 'bytes';
  if (status !== 304 && answer.contentType !== null)
    headers['content-type'] = answer.contentType ?? 'video/mp4';
  if (status === 206) headers['content-range'] = `bytes ${start}-${end}/${content.size}`;
  if (status === 416) headers['content-range'] = `bytes */${content.size}`;
  if (!answer.chunked && status !== 304 && status !== 204) {
    headers['content-length'] = String(answer.lyingContentLength ?? end - start + 1);
  }
  // After a body of another length than declared, the client could not find the next answer.
  if (answer.lyingContentLength !== undefined) headers['connection'] = 'close';
  if (answer.redirectTo !== undefined) headers['location'] = answer.redirectTo;
  if (answer.retryAfter instanceof Date) headers['retry-after'] = answer.retryAfter.toUTCString();
  else if (answer.retryAfter !== undefined) headers['retry-after'] = String(answer.retryAfter);
  for (const [name, value] of Object.entries(answer.headers ?? {})) headers[name.toLowerCase()] = value;
  return headers;
}

async function sendSlowly(
  answer: Answer,
  content: Content,
  selection: Selection,
  response: ServerResponse,
  context: SendContext,
): Promise<void> {
  const length = selection.end - selection.start + 1;
  const cut = answer.cutAfterBytes ?? Infinity;
  const middle = answer.hang === 'body' ? Math.max(1, Math.floor(length / 2)) : Infinity;
  let sent = 0;
  response.flushHeaders();
  for await (const whole of piecesOf(content, selection, answer.bytesPerSecond)) {
    let rest: Buffer = whole;
    while (rest.length > 0 && sent < cut) {
      const until = Math.min(cut, sent < middle ? middle : Infinity);
      const piece = rest.subarray(0, Math.min(rest.length, until - sent));
      rest = rest.subarray(piece.length);
      if (!(await write(response, piece))) return;
      sent += piece.length;
      context.onBytes(piece.length);
      if (answer.bytesPerSecond !== undefined) await delay((piece.length / answer.bytesPerSecond) * 1_000);
      if (sent === middle) await context.hold();
    }
    if (sent >= cut) break;
  }
  if (sent >= cut) await hangUp(response);
  else response.end();
}

/** Resolves to true when the socket has accepted the bytes, to false when the client disconnected. */
function write(response: ServerResponse, piece: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve(false);
    const gone = () => resolve(false);
    response.once('close', gone);
    response.write(piece, (error) => {
      response.off('close', gone);
      resolve(!error);
    });
  });
}

/** Closes the connection without ending the body, after all earlier bytes were sent. */
async function hangUp(response: ServerResponse): Promise<void> {
  await write(response, Buffer.alloc(0));
  response.destroy();
}

async function* piecesOf(content: Content, { start, end }: Selection, bytesPerSecond = Infinity) {
  // Ten pieces per second behave like a slow connection; one large piece would not.
  const size = Math.max(1, Math.min(PIECE, Math.ceil(bytesPerSecond / 10)));
  if (end < start) return;
  if (typeof content.source === 'string') {
    const stream = createReadStream(content.source, { start, end, highWaterMark: size });
    for await (const piece of stream) if (Buffer.isBuffer(piece)) yield piece;
    return;
  }
  for (let from = start; from <= end; from += size) {
    yield content.source.subarray(from, Math.min(from + size, end + 1));
  }
}
