import { text } from 'node:stream/consumers';

import { describe, expect, it } from 'vitest';

import { ResponseHeads } from './response-heads.js';
import { serveTcp } from './testing/loopback-server.js';
import { closingScope, failureOf } from './testing/scope.js';

const scope = closingScope();

const FINAL = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const HINTS = 'HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n';

describe('a response after unsolicited interim responses', () => {
  it.each([
    ['100', CONTINUE],
    ['100 with headers', 'HTTP/1.1 100 Continue\r\ndate: today\r\n\r\n'],
    ['100 without a reason phrase', 'HTTP/1.1 100\r\n\r\n'],
    ['100 twice', CONTINUE + CONTINUE],
    ['102', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['103', HINTS],
    ['103 and 100', HINTS + CONTINUE],
    ['100 and 103', CONTINUE + HINTS],
    ['104', 'HTTP/1.1 104 Upload Resumption Supported\r\n\r\n'],
    ['199', 'HTTP/1.1 199 Anything\r\n\r\n'],
    ['100 after an empty line', `\r\n${CONTINUE}`],
  ])('is read: %s', async (_, interim) => {
    const server = await scope.keep(
      serveTcp((socket) => socket.on('data', () => socket.write(interim + FINAL))),
    );
    const client = scope.client({ connectionsPerOrigin: 1 });
    for (let round = 0; round < 3; round++) {
      const response = await client.request(server.origin);
      expect([response.status, await text(response.body)]).toEqual([200, 'ok']);
    }
    expect(server.connections()).toBe(1);
  });

  it('is read when it arrives byte by byte', async () => {
    const server = await scope.keep(
      serveTcp((socket) =>
        socket.once('data', () => {
          socket.setNoDelay(true);
          const bytes = Buffer.from(HINTS + CONTINUE + CONTINUE + FINAL);
          const next = (at: number): void => {
            if (at < bytes.length) socket.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1));
          };
          next(0);
        }),
      ),
    );
    expect(await text((await scope.client().request(server.origin)).body)).toBe('ok');
  });

  it('fails on 101 Switching Protocols', async () => {
    const switching = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n';
    const server = await scope.keep(
      serveTcp((socket) => socket.once('data', () => socket.write(switching + FINAL))),
    );
    expect(await failureOf(scope.client().request(server.origin))).toMatchObject({
      code: 'CONNECTION_FAILED',
    });
  });
});

/** The lenient forms that curl 8 and browsers accept. Sources: RFC 9112, sections 2.2, 5.1, 5.2 and 6.3. */
const CHUNKS = '2\r\nok\r\n0\r\n\r\n';
const LENIENT: ReadonlyArray<readonly [form: string, answer: string]> = [
  ['lines that end with LF', 'HTTP/1.1 200 OK\ncontent-length: 2\n\nok'],
  ['a folded line', 'HTTP/1.1 200 OK\r\nx-a: a\r\n b\r\n\tc\r\ncontent-length: 2\r\n\r\nok'],
  ['white space before a colon', 'HTTP/1.1 200 OK\r\ncontent-length \t: 2\r\n\r\nok'],
  ['a length twice', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok'],
  ['a length as a list', 'HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok'],
  [
    'a length before a transfer coding',
    `HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`,
  ],
  [
    'a length after a transfer coding',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n${CHUNKS}`,
  ],
];

describe('a response in a form that other clients accept', () => {
  it.each(LENIENT)('is read: %s', async (_, answer) => {
    const server = await scope.keep(serveTcp((socket) => socket.on('data', () => socket.write(answer))));
    const client = scope.client({ connectionsPerOrigin: 1 });
    for (let round = 0; round < 2; round++) {
      const response = await client.request(server.origin);
      expect([response.status, await text(response.body)]).toEqual([200, 'ok']);
    }
  });

  it('has the joined value of a folded line', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nx-a: a\r\n  b\r\ncontent-length: 0\r\n\r\n';
    const server = await scope.keep(serveTcp((socket) => socket.once('data', () => socket.write(answer))));
    const { headers } = await scope.client().request(server.origin);
    expect(headers['x-a']).toBe('a b');
  });

  it('ends its connection if its length was ambiguous', async () => {
    const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\n\r\nok';
    const server = await scope.keep(serveTcp((socket) => socket.on('data', () => socket.write(answer))));
    const client = scope.client({ connectionsPerOrigin: 1 });
    for (let round = 0; round < 2; round++) await text((await client.request(server.origin)).body);
    expect(server.connections()).toBe(2);
  });

  it.each([
    ['different lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\ncontent-length: 2x\r\n\r\nok'],
  ])('fails on %s', async (_, answer) => {
    const server = await scope.keep(serveTcp((socket) => socket.once('data', () => socket.end(answer))));
    expect(await failureOf(scope.client().request(server.origin))).toMatchObject({
      code: 'CONNECTION_FAILED',
    });
  });
});

function passed(answer: string, pieceBytes: number): string {
  const bytes = Buffer.from(answer, 'latin1');
  const heads = new ResponseHeads();
  heads.begin();
  let all = '';
  for (let at = 0; at < bytes.length; at += pieceBytes)
    all += heads.pass(bytes.subarray(at, at + pieceBytes))?.toString('latin1') ?? '';
  return all;
}

describe('ResponseHeads', () => {
  it.each([1, 2, 3, 7, 1_000])('changes only one digit of a 100 status, in pieces of %i bytes', (size) => {
    const body = `${FINAL}, and ${CONTINUE}`;
    expect(passed(HINTS + CONTINUE + body, size)).toBe(HINTS + CONTINUE.replace('100', '102') + body);
    expect(passed('HTTP/1.1 404 100 HTTP/1.1 100\r\n\r\n', size)).toBe(
      'HTTP/1.1 404 100 HTTP/1.1 100\r\n\r\n',
    );
    expect(passed('220 mail.example.com\r\n', size)).toBe('220 mail.example.com\r\n');
  });

  it.each([1, 5, 1_000])('never touches a body, in pieces of %i bytes', (size) => {
    const body = 'a\n b\n\nHTTP/1.1 100\r\n\r\nx :y';
    expect(passed(`HTTP/1.1 200 OK\na:1\n\n${body}`, size)).toBe(`HTTP/1.1 200 OK\r\na:1\r\n\r\n${body}`);
  });

  it('passes on a clean response without a copy', () => {
    const bytes = Buffer.from(FINAL);
    expect(new ResponseHeads().pass(bytes)?.buffer).toBe(bytes.buffer);
  });

  it('reads a hostile head in linear time', () => {
    const spaces = ' '.repeat(15_000);
    const head = `HTTP/1.1 200 OK\nx${spaces}\ny${spaces}:\n\n`;
    const heads = Array.from({ length: 200 }, () => passed(head, 100_000));
    expect(new Set(heads)).toEqual(new Set([`HTTP/1.1 200 OK\r\nx${spaces}\r\ny:\r\n\r\n`]));
  });

  it('holds no more than a head may have', () => {
    const endless = `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`;
    expect(passed(endless, 10_000)).toHaveLength(endless.length);
  });
});
