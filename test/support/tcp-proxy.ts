import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A network between a client and a server, whose faults can be had at will. */
export interface TcpProxy {
  /** The URL that leads through the proxy, with everything else that stood in the URL of the target. */
  url: string;
  /** Nothing passes any more, and no connection ends: as where packets are dropped. */
  silence(): void;
  /**
   * New connections get through again. Those that met the silence stay silent for ever, as behind a firewall that has
   * forgotten them; their servers have noticed.
   */
  resume(): void;
  /** New connections lead to this URL; open ones stay where they are. */
  switchTo(target: string): void;
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>;
  /** Accepts connections again, at the same address. */
  mend(): Promise<void>;
}

interface Link {
  near: Socket;
  far: Socket | undefined;
}

/** @param target URL of the server, with host and port or, as the query parameter `path`, a unix socket */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const links = new Set<Link>();
  let currentTarget = target;
  let isSilent = false;
  let server: Server;

  const accept = (near: Socket): void => {
    const link: Link = { near, far: undefined };
    links.add(link);
    near.on('error', () => near.destroy()); // faults are what the proxy is for
    near.on('close', () => {
      links.delete(link);
      link.far?.destroy();
    });
    if (isSilent) {
      near.pause();
      return;
    }
    const far = dial(currentTarget);
    link.far = far;
    far.on('error', () => far.destroy());
    far.on('close', () => {
      if (link.far === far) near.destroy();
    });
    near.pipe(far).pipe(near);
  };
  const listen = async (port: number): Promise<number> => {
    server = createServer(accept);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
    return address.port;
  };

  const port = await listen(0);
  return {
    url: through(target, port),
    silence: () => {
      isSilent = true;
      for (const { near, far } of links) {
        near.unpipe();
        near.pause();
        far?.unpipe();
        far?.pause();
      }
    },
    resume: () => {
      if (!isSilent) return;
      isSilent = false;
      for (const link of links) {
        const { far } = link;
        link.far = undefined;
        far?.destroy();
      }
    },
    switchTo: (other) => {
      currentTarget = other;
    },
    cut: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const { near } of links) near.destroy();
      await closed;
    },
    mend: async () => {
      await listen(port);
    },
  };
}

function dial(target: string): Socket {
  const { hostname, port, searchParams } = new URL(target);
  const path = searchParams.get('path');
  return path === null ? connect(Number(port || DEFAULT_PORT), hostname) : connect(path);
}

/** Of Redis; the URLs of PostgreSQL in tests name their port. */
const DEFAULT_PORT = 6_379;

function through(target: string, port: number): string {
  const url = new URL(target);
  url.searchParams.delete('path');
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}
