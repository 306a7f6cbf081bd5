import type { IncomingHttpHeaders } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { listen } from '../../src/testing/listen.js';

/** A received request. */
export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
}

/** An answer that is sent as given. Only `framing` adds headers. */
export interface SpokenAnswer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array;
  /** `length` adds a missing Content-Length, `chunked` sends chunks, `close` ends the body with the connection. */
  framing?: 'length' | 'chunked' | 'close';
  /** Sends this many bytes of the body first, and the others after `until`. */
  pause?: { at: number; until: Promise<void> };
  /** Ends the body early: with the connection (an orderly end or a reset), or as if it were complete. */
  cut?: { at: number; by: 'fin' | 'reset' | 'last chunk'; after?: Promise<void> };
}

/** An origin whose answers are functions of the request and may contradict themselves. */
export interface AnsweringOrigin {
  url(path: string): string;
  requests: readonly SeenRequest[];
  close(): Promise<void>;
}

/** @param answer gets the request, and the number of earlier requests for the same path */
export async function startAnsweringOrigin(
  answer: (request: SeenRequest, before: number) => SpokenAnswer,
): Promise<AnsweringOrigin> {
  const requests: SeenRequest[] = [];
  const server = createServer((socket) => {
    // Clients hang up on these answers.
    socket.on('error', () => undefined);
    let head = '';
    socket.on('data', (bytes) => {
      head += bytes.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      const request = parse(head);
      head = '';
      const before = requests.filter(({ path }) => path === request.path).length;
      requests.push(request);
      speak(socket, request, answer(request, before));
    });
  });
  const listening = await listen(server);
  return { url: (path) => listening.base + path, requests, close: () => listening.close() };
}

function parse(head: string): SeenRequest {
  const [first = '', ...lines] = (head.split('\r\n\r\n')[0] ?? '').split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { method, path, headers: Object.fromEntries(headers) };
}

function speak(socket: Socket, { method }: SeenRequest, answer: SpokenAnswer): void {
  const { status, headers = {}, body = new Uint8Array(), framing = 'length', cut } = answer;
  const lines = Object.entries({ connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  if (framing === 'chunked') lines.push('transfer-encoding: chunked');
  if (framing === 'length' && !('content-length' in headers)) lines.push(`content-length: ${body.length}`);
  socket.write(`HTTP/1.1 ${status} Any\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  if (method === 'HEAD' || status === 304) return void socket.end();
  const sent = body.subarray(0, cut?.at);
  const { pause } = answer;
  send(socket, sent.subarray(0, pause?.at), framing);
  if (pause === undefined) return end(socket, answer);
  void sendLater(socket, sent.subarray(pause.at), pause.until, answer);
}

async function sendLater(socket: Socket, bytes: Uint8Array, until: Promise<void>, answer: SpokenAnswer) {
  await until;
  send(socket, bytes, answer.framing);
  end(socket, answer);
}

function send(socket: Socket, bytes: Uint8Array, framing: SpokenAnswer['framing']): void {
  if (bytes.length === 0) return;
  if (framing !== 'chunked') return void socket.write(bytes);
  socket.write(`${bytes.length.toString(16)}\r\n`);
  socket.write(bytes);
  socket.write('\r\n');
}

function end(socket: Socket, { framing, cut }: SpokenAnswer): void {
  if (framing === 'chunked' && (cut === undefined || cut.by === 'last chunk')) socket.write('0\r\n\r\n');
  const hangUp = (): void => void (cut?.by === 'reset' ? socket.resetAndDestroy() : socket.end());
  // The last bytes before the end of a connection may be lost with it.
  if (cut === undefined) hangUp();
  else if (cut.after !== undefined) void cut.after.then(hangUp);
  else afterTurns(TURNS_TO_READ, hangUp);
}

/** Turns of the event loop that a client in the same process needs to read everything. */
const TURNS_TO_READ = 10;

function afterTurns(turns: number, action: () => void): void {
  if (turns === 0) action();
  else setImmediate(() => afterTurns(turns - 1, action));
}
