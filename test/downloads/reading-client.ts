import type { Readable } from 'node:stream';
import { OutboundClient, type OutboundRequest, type OutboundResponse } from '#libs/outbound-http';

/**
 * Signals when the bytes of a body were read. The end of a connection discards unread bytes, and their number depends
 * on the speed of the machine.
 */
export class ReadingClient extends OutboundClient {
  private bytes = 0;
  private read = (): void => undefined;

  /** Resolves once this many bytes of the next body were read, or the body was closed. */
  hasRead(bytes: number): Promise<void> {
    return new Promise((resolve) => {
      this.bytes = bytes;
      this.read = resolve;
    });
  }

  override async request(url: string | URL, request?: OutboundRequest): Promise<OutboundResponse> {
    const response = await super.request(url, request);
    this.watch(response.body, this.bytes, this.read);
    this.bytes = 0;
    this.read = () => undefined;
    return response;
  }

  private watch(body: Readable, bytes: number, done: () => void): void {
    if (bytes === 0) return done();
    let missing = bytes;
    const read = body.read.bind(body);
    body.read = (size?: number): unknown => {
      const chunk: Uint8Array | null = read(size);
      missing -= chunk?.byteLength ?? 0;
      if (missing <= 0) done();
      return chunk;
    };
    body.once('close', done);
  }
}
