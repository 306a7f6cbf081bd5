import type { Socket } from 'node:net';
import type { FastifyAdapter } from '@nestjs/platform-fastify';

/**
 * Ends the connections of a server that closes: those without a request at once, the others when their answers have
 * been delivered, and whatever is left after the grace. Without it a client that does not read its answer would keep
 * the process from ending, for as long as it likes.
 */
export function drainConnections(adapter: FastifyAdapter, graceMs: number): void {
  const { server } = adapter.getInstance();
  /** How many requests of each open connection are not answered to the last byte. */
  const underWay = new Map<Socket, number>();

  server.on('connection', (socket: Socket) => {
    underWay.set(socket, 0);
    socket.once('close', () => underWay.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1);
    response.once('close', () => {
      if (!socket.destroyed) underWay.set(socket, (underWay.get(socket) ?? 1) - 1);
    });
  });
  // Node's own takes an answer for delivered as soon as all of it has been written, and would cut it off.
  server.closeIdleConnections = () => {
    for (const [socket, requests] of underWay) if (requests === 0) socket.destroy();
  };
  adapter.getInstance().addHook('preClose', (done) => {
    // For those that become idle from now on: Node looks for them once. What has come meanwhile is still answered.
    server.keepAliveTimeout = 1;
    const closeRest = setTimeout(() => server.closeAllConnections(), graceMs);
    server.once('close', () => clearTimeout(closeRest));
    done();
  });
}
