import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';

/** `clamd` refuses or cannot finish a scan; the file has no verdict. */
export class ClamdError extends Error {}

/**
 * Sends a file to clamd with INSTREAM: chunks with their length before them, and a chunk of length 0 at the end.
 *
 * @param address path of a Unix socket, or `host:port`
 * @returns the name of the virus; null if the file is clean
 * @throws ClamdError if the scan fails
 */
export async function scan(address: string, file: Readable, signal: AbortSignal): Promise<string | null> {
  const socket = open(address);
  const stop = (): void => {
    socket.destroy(new ClamdError('The scan was aborted'));
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const [answer] = await Promise.all([text(socket), pipeline(file, framed, socket)]);
    return verdictOf(answer.replace('\0', '').trim());
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

function open(address: string): Socket {
  const [, host, port] = /^([^/]+):(\d+)$/.exec(address) ?? [];
  // Half-open: clamd answers after the end of the file.
  return host === undefined
    ? connect({ path: address, allowHalfOpen: true })
    : connect({ host, port: Number(port), allowHalfOpen: true });
}

async function* framed(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.from('zINSTREAM\0');
  for await (const chunk of file) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(chunk.length);
    if (chunk.length > 0) yield Buffer.concat([length, chunk]);
  }
  yield Buffer.alloc(4);
}

function verdictOf(answer: string): string | null {
  if (answer === 'stream: OK') return null;
  const [, virus] = /^stream: (.+) FOUND$/.exec(answer) ?? [];
  if (virus === undefined) throw new ClamdError(`clamd answered "${answer}"`);
  return virus;
}
