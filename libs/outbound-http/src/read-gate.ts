import type { Socket } from 'node:net';

import { ResponseHeads } from './response-heads.js';

/**
 * Pauses reading from a client connection, which applies backpressure to the server, and records whether bytes arrived.
 *
 * Pausing the parser of undici 7 is not an option: if the server hangs up meanwhile, undici fails an assertion in a
 * socket event, which cannot be caught and ends the process (https://github.com/nodejs/undici/issues/5360, fixed in
 * undici 8, which needs Node 22). With the gate, the parser only waits for bytes and learns of the end of the
 * connection after them.
 */
export class ReadGate {
  #socket: Socket | undefined;
  #closed = false;
  #reset = false;
  readonly #heads = new ResponseHeads();
  /** Number of exchanges on this connection. */
  #exchanges = 0;
  #hasAnswered = false;

  /** Attaches the gate to a new connection and resets its state. */
  guard(socket: Socket): void {
    const read = socket.read.bind(socket);
    socket.read = (size?: number): unknown => {
      if (this.#socket !== socket) return read(size);
      if (this.#closed) return null;
      const bytes: unknown = read(size);
      return Buffer.isBuffer(bytes) ? this.#passed(bytes) : bytes;
    };
    this.#socket = socket;
    this.#exchanges = 0;
    this.#closed = false;
    this.#reset = false;
    // libuv reports a reset that arrives together with data as an orderly end, but the socket then has no peer. This
    // listener must run first: the next one closes our side, and Node caches the remote address once it is read.
    socket.prependOnceListener('end', () => {
      if (this.#socket === socket) this.#reset = socket.remoteAddress === undefined;
    });
  }

  /** Whether the connection was reset or failed, rather than ended in order by the server. */
  get broken(): boolean {
    return this.#reset || (this.#socket?.errored ?? null) !== null;
  }

  /** Whether a byte has arrived since the last exchange began. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /**
   * Starts an exchange on this connection; only one runs at a time.
   *
   * @returns whether the connection served an earlier exchange
   */
  begin(): boolean {
    this.#hasAnswered = false;
    this.#heads.begin();
    return this.#exchanges++ > 0;
  }

  close(): void {
    this.#closed = true;
  }

  open(): void {
    if (!this.#closed) return;
    this.#closed = false;
    const socket = this.#socket;
    // Deferred: the parser may be running and is not reentrant.
    process.nextTick(() => socket?.emit('readable'));
  }

  #passed(bytes: Buffer): Buffer | null {
    this.#hasAnswered = true;
    return this.#heads.pass(bytes);
  }
}
