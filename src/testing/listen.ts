import type { Server as HttpServer } from 'node:http';
import type { Server, Socket } from 'node:net';

/** A listening server. */
export interface Listening {
  port: number;
  /** `http://127.0.0.1:1234`, without a trailing slash. */
  base: string;
  connections: Set<Socket>;
  /** Stops the server and closes every connection. */
  close(): Promise<void>;
}

/** Makes an HTTP or TCP server listen on a free port of a loopback address. */
export async function listen(server: Server | HttpServer, host = '127.0.0.1', port = 0): Promise<Listening> {
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  // Clients decide how long connections stay open; the default of 5 s would close them between two tests.
  if ('keepAliveTimeout' in server) server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port');
  return {
    port: address.port,
    base: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of connections) socket.destroy();
      }),
  };
}
