import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { freePort } from '../../support/free-port.js';

export interface PathProxy {
  /** With the path, without a slash at the end. */
  url: string;
  /** Requests that missed the path. */
  strays: string[];
  close: () => Promise<void>;
}

/** A proxy that serves another server of this machine below a path, and nothing beside it. */
export async function startPathProxy(path: string, targetPort: number): Promise<PathProxy> {
  const strays: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { url = '', method, headers } = incoming;
    if (!url.startsWith(`${path}/`)) {
      strays.push(url);
      outgoing.writeHead(404).end();
      return;
    }
    const onwards = request(
      { host: '127.0.0.1', port: targetPort, method, headers, path: url.slice(path.length) },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onwards.once('error', () => outgoing.destroy());
    incoming.pipe(onwards);
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${port}${path}`,
    strays,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
