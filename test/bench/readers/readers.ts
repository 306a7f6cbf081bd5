import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Readers of one event stream in a process of their own: they parse nothing, and end with their parent. */
export type ReadersJob = { open: { url: string; token: string; count: number } } | 'close';

/** Answer to `open`: every reader has its response. */
export interface OpenReaders {
  open: number;
}

/** Answer to `close`, which waits for the last event for a while. */
export interface ClosedReaders {
  /** Readers that received the event `import.finished`. */
  finished: number;
  /** Bytes that all readers received. */
  bytes: number;
}

const LAST_EVENT = 'event: import.finished';
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 50;
/** More than the last event and the end of the response after it. */
const TAIL_BYTES = 1_024;

/** All sockets read into it: on a machine that also runs the product, what readers cost must be as little as possible. */
const shared = Buffer.allocUnsafe(256 * 1_024);
let streams: Socket[] = [];
let finished = 0;
let bytes = 0;

/** Opens a stream on a connection of its own. Resolves with the beginning of the response. */
function read(url: string, token: string): Promise<Socket> {
  const { hostname, port, pathname, host } = new URL(url);
  return new Promise((resolve, reject) => {
    let hasBegun = false;
    let tail = Buffer.alloc(0);
    const callback = (size: number, buffer: Uint8Array): boolean => {
      bytes += size;
      const part = Buffer.from(
        buffer.buffer,
        buffer.byteOffset + Math.max(0, size - TAIL_BYTES),
        Math.min(size, TAIL_BYTES),
      );
      // A copy, because the next socket writes into the same memory.
      tail = Buffer.concat([tail.subarray(-TAIL_BYTES), part]);
      if (!hasBegun) {
        hasBegun = true;
        const [status = ''] = Buffer.from(buffer.buffer, buffer.byteOffset, size)
          .toString('latin1')
          .split('\r\n', 1);
        if (status.includes(' 200 ')) resolve(socket);
        else reject(new Error(`A reader was answered ${status}`));
      }
      return true;
    };
    const socket = connect({ host: hostname, port: Number(port), onread: { buffer: shared, callback } });
    socket.once('error', reject);
    // The response is the last one of its connection.
    socket.once('end', () => {
      if (tail.includes(LAST_EVENT)) finished += 1;
    });
    socket.write(
      `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nAccept: text/event-stream\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
  });
}

async function answer(job: ReadersJob): Promise<OpenReaders | ClosedReaders> {
  if (job === 'close') {
    const deadline = Date.now() + PATIENCE_MS;
    while (finished < streams.length && Date.now() < deadline) await wait(LOOK_EVERY_MS);
    for (const stream of streams) stream.destroy();
    return { finished, bytes };
  }
  const { url, token, count } = job.open;
  [finished, bytes] = [0, 0];
  streams = await Promise.all(Array.from({ length: count }, () => read(url, token)));
  return { open: count };
}

process.once('disconnect', () => process.exit(0));
process.on('message', (job: ReadersJob) => {
  answer(job).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`The readers failed: ${String(error)}\n`);
      process.exit(1);
    },
  );
});
