import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A network between client and server with controllable faults. */
export interface TcpProxy {
  /** The URL of the target with the address of the proxy. */
  url: string;
  /** Drops all data without closing connections, like a network that drops packets. */
  silence(): void;
  /**
   * New connections work again. Silenced connections stay silent, as behind a firewall that lost their state; their
   * servers see them closed.
   */
  resume(): void;
  /** New connections go to this URL; open ones keep their target. */
  switchTo(target: string): void;
  /** Closes all connections and refuses new ones. */
  cut(): Promise<void>;
  /** Accepts connections again, at the same address. */
  mend(): Promise<void>;
}

interface Link {
  near: Socket;
  far: Socket | undefined;
}

/** @param target URL of the server, with host and port or, in the query parameter `path`, a Unix socket */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const links = new Set<Link>();
  let currentTarget = target;
  let isSilent = false;
  let server: Server;

  const accept = (near: Socket): void => {
    const link: Link = { near, far: undefined };
    links.add(link);
    near.on('error', () => near.destroy()); // faults are the purpose of the proxy
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

/** The port of Redis; test URLs of PostgreSQL contain their port. */
const DEFAULT_PORT = 6_379;

function through(target: string, port: number): string {
  const url = new URL(target);
  url.searchParams.delete('path');
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}
