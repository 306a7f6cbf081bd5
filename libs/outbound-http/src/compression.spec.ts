import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { serveTcp, type LoopbackServer } from './testing/loopback-server.js';
import { closingScope, failureOf } from './testing/scope.js';

const scope = closingScope();

const FIXTURES = new URL('../../../test/fixtures/', import.meta.url);
const VIDEOS = [
  'h264-faststart.mp4',
  'h264.mkv',
  'mpeg4.avi',
  'h264.ts',
  'theora.ogv',
  'h264.flv',
  'wmv2.wmv',
];
const video = readFileSync(new URL('h264-faststart.mp4', FIXTURES));
const text = Buffer.from('plain text, again and again. '.repeat(100));

/** Serves a head and a body in pieces of `pieceBytes`, then closes the connection. */
function serve(
  headers: string,
  body: Uint8Array,
  pieceBytes = body.length,
  status = '200 OK',
): Promise<LoopbackServer> {
  return scope.keep(
    serveTcp((socket) =>
      socket.once('data', () => {
        socket.setNoDelay(true);
        socket.write(`HTTP/1.1 ${status}\r\nconnection: close\r\n${headers}\r\n\r\n`);
        for (let at = 0; at < body.length; at += pieceBytes) socket.write(body.subarray(at, at + pieceBytes));
        socket.end();
      }),
    ),
  );
}

const read = async ({ origin }: LoopbackServer): Promise<Buffer> =>
  buffer((await scope.client().request(origin)).body);

describe('an uncompressed file', () => {
  it.each([
    'content-encoding: aws-chunked',
    'content-encoding: binary',
    'content-encoding: utf-8',
    'content-encoding: UTF8',
    'content-encoding: none',
    'content-encoding: 8bit',
    'content-encoding: video/mp4',
    'content-encoding: identity;q=1',
    'content-encoding: identity, aws-chunked',
    'content-encoding:',
    'content-encoding: gzip',
    'content-encoding: x-gzip, aws-chunked',
    'content-encoding: deflate',
    'content-encoding: br',
    'content-encoding: zstd',
    'transfer-encoding: identity',
    'transfer-encoding: gzip',
  ])('is accepted with %s', async (header) => {
    expect((await read(await serve(header, video))).equals(video)).toBe(true);
  });

  it.each(VIDEOS.flatMap((name) => ['gzip', 'deflate', 'br'].map((coding) => [name, coding])))(
    'is not mistaken for compressed data: %s as %s',
    async (name, coding) => {
      const file = readFileSync(new URL(name, FIXTURES));
      expect((await read(await serve(`content-encoding: ${coding}`, file))).equals(file)).toBe(true);
    },
  );

  it.each([0, 1, 2, 3])('is accepted with a length of %i bytes', async (size) => {
    const file = Buffer.alloc(size, 'a');
    expect((await read(await serve('content-encoding: gzip', file))).equals(file)).toBe(true);
  });
});

describe('a compressed file', () => {
  it.each([
    ['content-encoding: gzip', gzipSync(text)],
    ['content-encoding: GZIP', gzipSync(video)],
    ['content-encoding: gzip;q=1', gzipSync(text)],
    ['content-encoding: aws-chunked, x-gzip', gzipSync(text)],
    ['content-encoding: deflate', deflateSync(text)],
    ['content-encoding: deflate', deflateRawSync(text)],
    ['content-encoding: br', brotliCompressSync(text)],
    ['content-encoding: identity, br', brotliCompressSync(video)],
    ['content-encoding: zstd', Buffer.from('28b52ffd0458090000', 'hex')],
    ['transfer-encoding: gzip', gzipSync(text)],
    ['content-encoding: gzip', gzipSync('x')],
    ['content-encoding: br', brotliCompressSync(Buffer.alloc(2 ** 24))],
  ] as const)('is refused with %s', async (header, body) => {
    expect(await failureOf(read(await serve(header, body)))).toMatchObject({
      code: 'CONTENT_ENCODED',
      temporary: false,
    });
  });

  it('is refused when it arrives byte by byte', async () => {
    const server = await serve('content-encoding: gzip', gzipSync(text), 1);
    expect(await failureOf(read(server))).toMatchObject({ code: 'CONTENT_ENCODED' });
  });

  it('is not detected in a range from the middle of a file', async () => {
    const part = gzipSync(text);
    const headers = `content-encoding: gzip\r\ncontent-range: bytes 5-${4 + part.length}/${5 + part.length}`;
    const server = await serve(headers, part, part.length, '206 Partial Content');
    expect((await read(server)).equals(part)).toBe(true);
  });

  it('is refused in a range from the start of a file', async () => {
    const part = gzipSync(text);
    const headers = `content-encoding: gzip\r\ncontent-range: bytes 0-${part.length - 1}/${part.length}`;
    const server = await serve(headers, part, part.length, '206 Partial Content');
    expect(await failureOf(read(server))).toMatchObject({ code: 'CONTENT_ENCODED' });
  });
});
