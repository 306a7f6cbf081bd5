import { readSync, writeSync } from 'node:fs';
import { CHANNEL } from '#libs/child-pool';
import type { ChildMessage } from './messages.js';
import {
  decodeRequest,
  FIRST_WINDOW_BYTES,
  HEADER_BYTES,
  payloadLength,
  type RequestFrame,
} from './request-frame.js';

const buffer = Buffer.allocUnsafeSlow(HEADER_BYTES + FIRST_WINDOW_BYTES);

/**
 * Waits for the next file. This blocks the thread, which has nothing else to do: an event loop would cost several
 * system calls per file.
 *
 * @returns bytes that are valid until the next call; null if the channel is closed
 */
export function receiveRequest(): RequestFrame | null {
  let filled = readSome(buffer, 0);
  const header = buffer.subarray(0, HEADER_BYTES);
  while (filled > 0 && (filled < HEADER_BYTES || filled < HEADER_BYTES + payloadLength(header))) {
    const count = readSome(buffer, filled);
    if (count === 0) return null;
    filled += count;
  }
  if (filled === 0) return null;
  return decodeRequest(header, buffer.subarray(HEADER_BYTES, HEADER_BYTES + payloadLength(header)));
}

/** Requests a part of the current file and waits for its bytes. */
export function fetchPart(start: number, end: number): Uint8Array {
  send({ read: [start, end] });
  const bytes = new Uint8Array(end - start);
  for (let filled = 0; filled < bytes.length;) {
    const count = readSome(bytes, filled);
    // The parent has closed the channel.
    if (count === 0) process.exit();
    filled += count;
  }
  return bytes;
}

export function send(message: { ready: true } | (ChildMessage & { retire?: true })): void {
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let sent = 0; sent < line.length;) sent += writeSync(CHANNEL, line, sent);
}

function readSome(into: Uint8Array, offset: number): number {
  return readSync(CHANNEL, into, offset, into.length - offset, null);
}
