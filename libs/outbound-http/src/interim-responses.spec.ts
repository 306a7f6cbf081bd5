import { text } from 'node:stream/consumers';

import { describe, expect, it } from 'vitest';

import { InterimResponses } from './interim-responses.js';
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

function passed(answer: string, pieceBytes: number): string {
  const bytes = Buffer.from(answer, 'latin1');
  const interim = new InterimResponses();
  interim.begin();
  for (let at = 0; at < bytes.length; at += pieceBytes) interim.pass(bytes.subarray(at, at + pieceBytes));
  return bytes.toString('latin1');
}

describe('InterimResponses', () => {
  it.each([1, 2, 3, 7, 1_000])('changes only one digit of a 100 status, in pieces of %i bytes', (size) => {
    const body = `${FINAL}, and ${CONTINUE}`;
    expect(passed(HINTS + CONTINUE + body, size)).toBe(HINTS + CONTINUE.replace('100', '102') + body);
    expect(passed('HTTP/1.1 404 100 HTTP/1.1 100\r\n\r\n', size)).toBe(
      'HTTP/1.1 404 100 HTTP/1.1 100\r\n\r\n',
    );
    expect(passed('220 mail.example.com\r\n', size)).toBe('220 mail.example.com\r\n');
  });
});
