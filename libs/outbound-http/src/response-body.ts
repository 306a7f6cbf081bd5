import { Readable } from 'node:stream';

/** The exchange that a body belongs to. */
export interface BodySource {
  resume(): void;
  /** Called once, when the body was read to its end or destroyed. */
  closed(): void;
}

const HIGH_WATER_MARK = 64 * 1024;

/** The body of a response. Destroying it before its end closes the connection. */
export class ResponseBody extends Readable {
  readonly #source: BodySource;

  constructor(source: BodySource) {
    super({ highWaterMark: HIGH_WATER_MARK });
    this.#source = source;
    // A response may fail before its body has a reader; without a listener the error would end the process. Later
    // readers still see the failure.
    this.on('error', () => undefined);
  }

  override _read(): void {
    this.#source.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#source.closed();
    callback(error);
  }
}

// Reading a short remainder is cheaper than opening a new connection.
const WORTH_DRAINING_BYTES = 64 * 1024;
const WORTH_DRAINING_MS = 1_000;

/**
 * Releases the connection of an unwanted body: reads a short remainder to its end, closes the connection otherwise.
 * Never fails.
 *
 * @param declaredBytes Content-Length; NaN if there is none
 */
export function discardBody(body: Readable, declaredBytes: number): Promise<void> {
  if (body.closed) return Promise.resolve();
  return new Promise((resolve) => {
    body.once('close', resolve);
    if (declaredBytes > WORTH_DRAINING_BYTES) {
      body.destroy();
      return;
    }
    const timer = setTimeout(() => body.destroy(), WORTH_DRAINING_MS).unref();
    let bytes = 0;
    body.once('close', () => clearTimeout(timer));
    body.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length;
      if (bytes > WORTH_DRAINING_BYTES) body.destroy();
    });
  });
}
