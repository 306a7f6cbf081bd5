import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';

import { CERTIFICATE, PRIVATE_KEY } from './certificate.js';

/** A server on loopback that counts its connections. */
export interface LoopbackServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>`, or with https. */
  readonly origin: string;
  /** TCP connections accepted so far. */
  connections(): number;
  close(): Promise<void>;
}

export function serveHttp(listener: RequestListener): Promise<LoopbackServer> {
  return listen(createHttpServer(listener), 'http');
}

export function serveHttps(listener: RequestListener): Promise<LoopbackServer> {
  return listen(createHttpsServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, listener), 'https');
}

/** Starts a server that lets `talk` write to each connection, HTTP or not. */
export function serveTcp(talk: (socket: Socket) => void): Promise<LoopbackServer> {
  return listen(
    createTcpServer((socket) => {
      // Clients may hang up at any time; the specs test for that.
      socket.on('error', () => undefined);
      talk(socket);
    }),
    'http',
  );
}

/** Starts a server that responds to each request head with the same bytes and keeps the connection open. */
export function serveRaw(...pieces: readonly string[]): Promise<LoopbackServer> {
  return serveTcp((socket) => socket.on('data', () => pieces.forEach((piece) => socket.write(piece))));
}

/** Starts a server that sends the same bytes on each connection and hangs up. */
export function serveOnce(bytes: string): Promise<LoopbackServer> {
  return serveTcp((socket) => socket.once('data', () => socket.end(bytes, 'latin1')));
}

const BLOCK_BYTES = 16 * 1024;

/** Starts a server that sends `head`, and then `piece` endlessly, as fast as the client reads. */
export function serveEndless(head: string, piece: string): Promise<LoopbackServer> {
  const block = piece.repeat(Math.ceil(BLOCK_BYTES / piece.length));
  return serveTcp((socket) =>
    socket.once('data', () => {
      socket.write(head);
      writeForever(socket, block);
    }),
  );
}

const TRICKLE_MS = 5;

/** Starts a server that sends `head`, and then `piece` endlessly and slowly. */
export function serveTrickle(head: string, piece: string): Promise<LoopbackServer> {
  return serveTcp((socket) => {
    // Bytes before a request would end the connection.
    socket.once('data', () => {
      socket.write(head);
      const timer = setInterval(() => socket.write(piece), TRICKLE_MS);
      socket.once('close', () => clearInterval(timer));
    });
  });
}

/** Writes pieces for as long as the peer reads. */
export function writeForever(socket: Socket, piece: string): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}

async function listen(server: Server, scheme: 'http' | 'https'): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Not a TCP server');
  const { port } = address;
  return {
    port,
    origin: `${scheme}://127.0.0.1:${port}`,
    connections: () => connections,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
