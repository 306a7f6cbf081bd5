import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** A server of the INSTREAM protocol: finds one text, or gives no verdict. */
export class StubClamd {
  /** Answers instead of a verdict. */
  failure: string | undefined;
  private server: Server | undefined;

  constructor(private readonly virus: string) {}

  /** @returns `host:port` */
  async listen(): Promise<string> {
    const server = createServer({ allowHalfOpen: true }, (socket) => this.receive(socket));
    this.server = server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '';
  }

  close(): void {
    this.server?.close();
  }

  /** Iterating over the socket would destroy it at the end, before the answer. */
  private receive(socket: Socket): void {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.once('end', () => socket.end(`${this.answerTo(Buffer.concat(chunks))}\0`));
    socket.on('error', () => socket.destroy());
  }

  private answerTo(received: Buffer): string {
    const command = Buffer.from('zINSTREAM\0');
    if (!received.subarray(0, command.length).equals(command)) return 'UNKNOWN COMMAND';
    const bytes = contentOf(received.subarray(command.length));
    return this.failure ?? (bytes.includes(this.virus) ? 'stream: Stub-Virus FOUND' : 'stream: OK');
  }
}

/** Joins the chunks of a stream. */
function contentOf(framed: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < framed.length;) {
    const length = framed.readUInt32BE(at);
    chunks.push(framed.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return Buffer.concat(chunks);
}
