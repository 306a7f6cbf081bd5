import { once } from 'node:events';
import { createServer, request, type ServerResponse } from 'node:http';
import { freePort } from '../../support/free-port.js';

export interface PathProxy {
  /** Includes the path, without a trailing slash. */
  url: string;
  /** Requests outside of the path. */
  misses: string[];
  /** Breaks the connections on which responses for a path are open. */
  cut: (path: string) => void;
  close: () => Promise<void>;
}

/** A proxy that serves another local server below a path, and nothing else. */
export async function startPathProxy(path: string, targetPort: number): Promise<PathProxy> {
  const misses: string[] = [];
  const open = new Map<ServerResponse, string>();
  const server = createServer((incoming, outgoing) => {
    const { url = '', method, headers } = incoming;
    if (!url.startsWith(`${path}/`)) {
      misses.push(url);
      outgoing.writeHead(404).end();
      return;
    }
    const inner = url.slice(path.length);
    open.set(outgoing, inner);
    outgoing.once('close', () => open.delete(outgoing));
    const onwards = request(
      { host: '127.0.0.1', port: targetPort, method, headers, path: inner },
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
    misses,
    cut: (path) => {
      for (const [response, inner] of open) if (inner === path) response.destroy();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
