import { createServer, type Socket } from 'node:net';
import { listen } from '../../src/testing/listen.js';

/** Writes to a connection after the head of a request. The output need not be HTTP. */
export type Talk = (socket: Socket) => void;

/** An origin that sends exactly the given bytes. */
export interface RawOrigin {
  /** The URL of a path. */
  url(path: string): string;
  /** Number of requests for a path. */
  requestsTo(path: string): number;
  close(): Promise<void>;
}

/** @param talks by path; connections for other paths are closed */
export async function startRawOrigin(talks: Readonly<Record<string, Talk>>): Promise<RawOrigin> {
  const requests: string[] = [];
  const server = createServer((socket) => {
    // Clients hang up on this output, which is under test.
    socket.on('error', () => undefined);
    socket.once('data', (head) => {
      const path = /^\S+ ([^ ?]+)/.exec(head.toString('latin1'))?.[1] ?? '';
      requests.push(path);
      const talk = talks[path];
      if (talk) talk(socket);
      else socket.destroy();
    });
  });
  const listening = await listen(server);
  return {
    url: (path) => listening.base + path,
    requestsTo: (path) => requests.filter((requested) => requested === path).length,
    close: () => listening.close(),
  };
}

/** Sends the pieces and hangs up. */
export function say(...pieces: readonly (string | Uint8Array)[]): Talk {
  return (socket) => socket.end(Buffer.concat(pieces.map((piece) => Buffer.from(piece))));
}

/** Sends the head, then repeats the piece until the client hangs up. */
export function sayForever(head: string, piece: string): Talk {
  const block = piece.repeat(Math.ceil(65_536 / piece.length));
  return (socket) => {
    socket.write(head);
    const more = (): void => {
      while (!socket.destroyed && socket.write(block));
    };
    socket.on('drain', more);
    more();
  };
}

/** Sends the head, then one byte of the rest per second, repeatedly. */
export function saySlowly(head: string, rest: string): Talk {
  return (socket) => {
    let at = 0;
    socket.write(head);
    const timer = setInterval(() => socket.write(rest.charAt(at++ % rest.length)), 1_000);
    socket.once('close', () => clearInterval(timer));
  };
}

/** Sends nothing. */
export const saySilence: Talk = (socket) => void socket.resume();
