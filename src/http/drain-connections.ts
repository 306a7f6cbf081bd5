import type { Socket } from 'node:net';
import type { FastifyAdapter } from '@nestjs/platform-fastify';

/**
 * Closes the connections of a server that shuts down: idle ones at once, busy ones when their responses are delivered,
 * and all remaining ones after the grace period. Otherwise a client that does not read its response could keep the
 * process alive indefinitely.
 */
export function drainConnections(adapter: FastifyAdapter, graceMs: number): void {
  const { server } = adapter.getInstance();
  /** Requests per open connection whose responses are not fully delivered. */
  const inFlight = new Map<Socket, number>();

  server.on('connection', (socket: Socket) => {
    inFlight.set(socket, 0);
    socket.once('close', () => inFlight.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    inFlight.set(socket, (inFlight.get(socket) ?? 0) + 1);
    response.once('close', () => {
      if (!socket.destroyed) inFlight.set(socket, (inFlight.get(socket) ?? 1) - 1);
    });
  });
  // Node treats a response as delivered once all of it is written, and would cut it off.
  server.closeIdleConnections = () => {
    for (const [socket, requests] of inFlight) if (requests === 0) socket.destroy();
  };
  adapter.getInstance().addHook('preClose', (done) => {
    // For connections that become idle from now on: Node checks only once. Requests that arrived meanwhile are still
    // answered.
    server.keepAliveTimeout = 1;
    const closeRest = setTimeout(() => server.closeAllConnections(), graceMs);
    server.once('close', () => clearTimeout(closeRest));
    done();
  });
}
