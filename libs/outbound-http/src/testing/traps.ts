import { createHook } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Counters that must stay at zero while forbidden addresses are requested. */
export interface Touched {
  /** Connections accepted by a listener on loopback. */
  readonly arrived: number;
  /** TCP connections attempted by this process, to any address. */
  readonly attempted: number;
}

export interface Traps {
  /** Ports with listeners on 127.0.0.1 and ::1. */
  readonly open: readonly [number, number];
  /** A port without a listener. */
  readonly closed: number;
  /** Returns the counters and resets them. */
  take(): Touched;
  /**
   * Call it after each test.
   *
   * @param allowed number of expected connection attempts since the last call, to servers that are not traps
   * @throws Error if anything else was touched
   */
  check(allowed?: number): void;
  close(): Promise<void>;
}

/**
 * Starts listeners on both loopback addresses that must not be reached. Listeners on addresses of other networks are
 * impossible, so the connection attempts of this process are counted as well, where Node passes them to the operating
 * system.
 */
export async function setTraps(): Promise<Traps> {
  const sockets = new Set<Socket>();
  let arrived = 0;
  let attempted = 0;
  const count = (socket: Socket): void => {
    arrived++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret'));
  };
  const first = await listenOnBoth(count);
  const second = await listenOnBoth(count);
  const third = await listenOnBoth(count);
  await Promise.all(third.servers.map(close));
  const hook = createHook({
    init: (_, type) => {
      if (type === 'TCPCONNECTWRAP') attempted++;
    },
  }).enable();
  const take = (): Touched => {
    const touched = { arrived, attempted };
    arrived = 0;
    attempted = 0;
    return touched;
  };
  return {
    open: [first.port, second.port],
    closed: third.port,
    take,
    check: (allowed = 0) => {
      const touched = take();
      if (touched.arrived === 0 && touched.attempted === allowed) return;
      throw new Error(
        `${touched.arrived} connections arrived, ${touched.attempted} instead of ${allowed} were attempted`,
      );
    },
    close: async () => {
      hook.disable();
      for (const socket of sockets) socket.destroy();
      await Promise.all([...first.servers, ...second.servers].map(close));
    },
  };
}

const MAX_ATTEMPTS = 20;

async function listenOnBoth(
  onConnection: (socket: Socket) => void,
): Promise<{ port: number; servers: readonly Server[] }> {
  const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
    list?.some(({ address }) => address === '::1'),
  );
  for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
    const ipv4 = createServer(onConnection);
    const port = await listen(ipv4, '127.0.0.1', 0);
    if (!hasIpv6) return { port, servers: [ipv4] };
    const ipv6 = createServer(onConnection);
    try {
      await listen(ipv6, '::1', port);
      return { port, servers: [ipv4, ipv6] };
    } catch {
      // Another process uses the port on the other address.
      await close(ipv4);
    }
  }
  throw new Error('No port is free on both 127.0.0.1 and ::1');
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Not a TCP server');
  return address.port;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await closed;
}
