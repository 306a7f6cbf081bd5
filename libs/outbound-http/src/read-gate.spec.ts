import type { Readable } from 'node:stream';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { OutboundError } from './outbound.error.js';
import { serveHttp, serveTcp } from './testing/loopback-server.js';
import { closingScope } from './testing/scope.js';

const scope = closingScope();
const KIB = 1024;

/** The size of the read buffer, one byte more, and much more. */
const SIZES = [64 * KIB, 64 * KIB + 1, 128 * KIB, 200 * KIB];

type Ending = (socket: Socket, body: Buffer) => void;

const atTheEnd: Ending = (socket, body) => socket.end(body);
const inTheMiddle: Ending = (socket, body) => socket.end(body.subarray(0, -1));
const withAReset: Ending = (socket, body) => socket.write(body, () => socket.resetAndDestroy());

const withLength = (size: number): string => `Content-Length: ${size}\r\n`;
const withoutLength = (): string => '';

/** How a server hangs up, and what the reader gets: a number of bytes or an error code. */
const CASES: ReadonlyArray<[string, (size: number) => string, Ending, (size: number) => unknown]> = [
  ['at the end of a body with a length', withLength, atTheEnd, (size) => size],
  ['at the end of a body without a length', withoutLength, atTheEnd, (size) => size],
  ['in the middle of a body with a length', withLength, inTheMiddle, () => 'TRUNCATED'],
  [
    'in the middle of a body without a length, which is undetectable',
    withoutLength,
    inTheMiddle,
    (size) => size - 1,
  ],
  // A reset may discard data in transit.
  ['with a reset after a body with a length', withLength, withAReset, (size) => oneOf(size, 'TRUNCATED')],
  ['with a reset after a body without a length', withoutLength, withAReset, () => 'TRUNCATED'],
];

const oneOf = (...values: unknown[]): unknown => expect.toSatisfy((value) => values.includes(value));

/** Reads slowly, letting other events run first. Returns the number of bytes, or the code of the error. */
async function readSlowly(body: Readable): Promise<number | string> {
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      for (let turns = 0; turns < 5; turns += 1) await turn();
    }
  } catch (error) {
    if (error instanceof OutboundError) return error.code;
    throw error;
  }
  return bytes;
}

/** A server that sends a body and hangs up. `hungUp` resolves when the server is done with the connection. */
async function serveAndHangUp(head: string, body: Buffer, end: Ending) {
  const { promise: hungUp, resolve } = withResolvers();
  const server = await scope.keep(
    serveTcp((socket) => {
      socket.once('close', resolve).once('finish', resolve);
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\nConnection: close\r\n${head}\r\n`);
        end(socket, body);
      });
    }),
  );
  return { server, hungUp };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: (() => void) | undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve?.() };
}

describe('a server that hangs up while the reader is slow', () => {
  it.each(CASES)('affects only its own response: %s', async (_, head, end, expected) => {
    for (const size of SIZES) {
      const { server, hungUp } = await serveAndHangUp(head(size), Buffer.alloc(size, 'x'), end);
      const { body } = await scope.client().request(server.origin);
      // Everything has been sent and the connection has ended before the first byte is read.
      await hungUp;
      for (let turns = 0; turns < 20; turns += 1) await turn();
      expect(await readSlowly(body)).toEqual(expected(size));
    }
  });
});

describe('a slow reader', () => {
  it('applies backpressure, and the connection is reused afterwards', async () => {
    const size = 16 * 1024 * KIB;
    const server = await scope.keep(
      serveHttp((request, response) => {
        if (request.url !== '/large') {
          response.end('next');
          return;
        }
        response.writeHead(200, { 'content-length': size });
        const block = Buffer.alloc(64 * KIB, 'x');
        let sent = 0;
        const send = (): void => {
          while (sent < size) {
            sent += block.length;
            if (!response.write(block)) {
              response.once('drain', send);
              return;
            }
          }
          response.end();
        };
        send();
      }),
    );
    const client = scope.client({ connectionsPerOrigin: 1 });
    const { body } = await client.request(`${server.origin}/large`);
    for (let turns = 0; turns < 1_000; turns += 1) await turn();
    // The remainder stays in the socket buffers and at the server.
    expect(body.readableLength).toBeLessThan(512 * KIB);
    expect(await readSlowly(body)).toBe(size);
    const next = await client.request(`${server.origin}/next`);
    expect(await readSlowly(next.body)).toBe(4);
    expect(server.connections()).toBe(1);
  });
});
