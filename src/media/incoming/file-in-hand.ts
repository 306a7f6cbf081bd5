import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { FileInHand } from '../../extension/define-media-kind.js';

/**
 * Lends a file to the code of an extension. Its streams are closed afterwards, and an error that nobody listens to does
 * not end the process.
 */
export async function lend<T>(
  { source, size, sha256, lengthDeclared }: Omit<FileInHand, 'stream'>,
  use: (file: FileInHand) => Promise<T>,
): Promise<T> {
  const streams = new Set<Readable>();
  const stream = (): Readable => {
    const opened = typeof source === 'string' ? createReadStream(source) : Readable.from([source]);
    opened.on('error', () => undefined).once('close', () => streams.delete(opened));
    streams.add(opened);
    return opened;
  };
  try {
    return await use({ source, size, sha256, lengthDeclared, stream });
  } finally {
    for (const opened of streams) opened.destroy();
  }
}
