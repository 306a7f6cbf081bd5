import { createServer, type Server, type Socket } from 'node:net';

/** Accepts every connection and never answers. */
export class BlackHole {
  /** Maximum number of simultaneous connections. */
  peak = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      this.peak = Math.max(this.peak, this.sockets.size);
      // Clients may give up with a reset.
      socket.on('error', () => undefined);
      socket.once('close', () => this.sockets.delete(socket));
      socket.resume();
    });
  }

  static async open(host: string, port: number): Promise<BlackHole> {
    const hole = new BlackHole();
    await new Promise<void>((resolve, reject) => {
      hole.server.once('error', reject).listen(port, host, resolve);
    });
    return hole;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
