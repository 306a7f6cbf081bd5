import { createServer, type Socket } from 'node:net';
import { listen } from './origin.listen.js';

/** What a server says to one connection, once the head of a request has come. It may be no HTTP. */
export type Talk = (socket: Socket) => void;

/** An origin that is no HTTP server, and says exactly what it is told to. */
export interface RawOrigin {
  /** The address of a path. */
  url(path: string): string;
  /** How many requests came for a path. */
  requestsTo(path: string): number;
  close(): Promise<void>;
}

/** @param talks by path; the connections of other paths are hung up on */
export async function startRawOrigin(talks: Readonly<Record<string, Talk>>): Promise<RawOrigin> {
  const requests: string[] = [];
  const server = createServer((socket) => {
    // Clients hang up on what is said here, which is what is being tested.
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

/** Says this and hangs up. */
export function say(...pieces: readonly (string | Uint8Array)[]): Talk {
  return (socket) => socket.end(Buffer.concat(pieces.map((piece) => Buffer.from(piece))));
}

/** Says this, and then the same piece for as long as somebody listens. */
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

/** Says this, and then a byte of the rest each second, from the beginning again at its end. */
export function saySlowly(head: string, rest: string): Talk {
  return (socket) => {
    let at = 0;
    socket.write(head);
    const timer = setInterval(() => socket.write(rest.charAt(at++ % rest.length)), 1_000);
    socket.once('close', () => clearInterval(timer));
  };
}

/** Listens, and says nothing. */
export const saySilence: Talk = (socket) => void socket.resume();
