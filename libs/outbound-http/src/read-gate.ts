import type { Socket } from 'node:net';

import { InterimAnswers } from './interim-answers.js';

/**
 * Stands where bytes are read from the connection of a client: holds them back, so that whoever sends has to wait, and
 * knows whether any have come.
 *
 * undici 7 can pause its parser instead, but a server that hangs up while the parser is paused makes it fail an
 * assertion in an event of the socket, which nobody can catch and which ends the process
 * (https://github.com/nodejs/undici/issues/5360, fixed in undici 8, which needs Node 22). Here the parser waits for
 * bytes as it always does, and hears of the end of the connection only after them.
 */
export class ReadGate {
  #socket: Socket | undefined;
  #closed = false;
  #reset = false;
  readonly #interim = new InterimAnswers();
  /** Exchanges on this connection so far. */
  #exchanges = 0;
  #hasAnswered = false;

  /** Makes this the connection that is held back; what was asked for the one before is over. */
  guard(socket: Socket): void {
    const read = socket.read.bind(socket);
    socket.read = (size?: number): unknown => {
      if (this.#socket !== socket) return read(size);
      if (this.#closed) return null;
      const bytes: unknown = read(size);
      if (bytes instanceof Uint8Array) this.#passed(bytes);
      return bytes;
    };
    this.#socket = socket;
    this.#exchanges = 0;
    this.#closed = false;
    this.#reset = false;
    // Where a reset comes together with bytes, libuv tells of an orderly end. But then nobody is on the other side any
    // more: first of all listeners, as the next one closes our side, and the address is remembered once it is asked for.
    socket.prependOnceListener('end', () => {
      if (this.#socket === socket) this.#reset = socket.remoteAddress === undefined;
    });
  }

  /** Whether the connection was cut off, rather than ended in order by the other side. */
  get broken(): boolean {
    return this.#reset || (this.#socket?.errored ?? null) !== null;
  }

  /** Whether a byte has come since the last exchange began. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** Gives this connection to an exchange; there is one at a time. @returns whether another one had it before */
  begin(): boolean {
    this.#hasAnswered = false;
    this.#interim.begin();
    return this.#exchanges++ > 0;
  }

  close(): void {
    this.#closed = true;
  }

  open(): void {
    if (!this.#closed) return;
    this.#closed = false;
    const socket = this.#socket;
    // Later: the parser may be at work at this moment, and must not be called while it is.
    process.nextTick(() => socket?.emit('readable'));
  }

  #passed(bytes: Uint8Array): void {
    this.#hasAnswered = true;
    this.#interim.pass(bytes);
  }
}
