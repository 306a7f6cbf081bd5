import { Readable } from 'node:stream';

/** What a body needs from the exchange it belongs to. */
export interface BodySource {
  resume(): void;
  /** Called once, when the body was read to its end or given up. */
  closed(): void;
}

const HIGH_WATER_MARK = 64 * 1024;

/** The bytes of an answer. Giving it up before its end closes the connection. */
export class ResponseBody extends Readable {
  readonly #source: BodySource;

  constructor(source: BodySource) {
    super({ highWaterMark: HIGH_WATER_MARK });
    this.#source = source;
    // An answer may break between its headers and its first reader; without a listener that would end
    // the process. Readers lose nothing: a stream that has failed fails them as well.
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

// A short rest is cheaper to read than a new connection is to make.
const WORTH_DRAINING_BYTES = 64 * 1024;
const WORTH_DRAINING_MS = 1_000;

/**
 * Frees the connection of a body that nobody wants: reads it to the end where that is near, closes
 * the connection otherwise. Never fails.
 *
 * @param declaredBytes Content-Length, NaN where there is none
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
