import { get } from 'node:http';
import { connect } from 'node:net';
import { createGunzip } from 'node:zlib';

/**
 * Readers of one event stream in a process of their own, which ends with its parent. They accept gzip as browsers and the
 * SDK do; all but a few decode nothing.
 */
export type ReadersJob = { open: ReadersOpening } | 'close';

export interface ReadersOpening {
  url: string;
  token: string;
  /** Number of readers. */
  count: number;
  /** Cursor of the last event that they have. */
  after: string;
}

/** Answer to `open`: every reader has its response. */
export interface OpenReaders {
  open: number;
}

/** Answer to `close`. */
export interface ClosedReaders {
  /** Readers that received something within the last seconds; of those that decode it: events of items. */
  following: number;
  /** Bytes that all readers received. */
  bytes: number;
}

const ITEMS = 'event: items.finished';
/** Readers that decode the response. */
const DECODING = 5;
/** Events come every second. */
const RECENT_MS = 4_000;

interface Reader {
  /** Time of `performance.now()`; 0: nothing yet. */
  lastAt: number;
  close(): void;
}

/** All sockets but those of decoding readers read into it: on a machine that also runs the product, what readers cost must be as little as possible. */
const shared = Buffer.allocUnsafe(256 * 1_024);
let readers: Reader[] = [];
let bytes = 0;

/** Opens a stream on a connection of its own. Resolves with the beginning of the response. */
function read({ url, token, after }: ReadersOpening): Promise<Reader> {
  const { hostname, port, pathname, host } = new URL(url);
  return new Promise((resolve, reject) => {
    let hasBegun = false;
    const callback = (size: number, buffer: Uint8Array): boolean => {
      bytes += size;
      reader.lastAt = performance.now();
      if (!hasBegun) {
        hasBegun = true;
        const [status = ''] = Buffer.from(buffer.buffer, buffer.byteOffset, size)
          .toString('latin1')
          .split('\r\n', 1);
        if (status.includes(' 200 ')) resolve(reader);
        else reject(new Error(`A reader was answered ${status}`));
      }
      return true;
    };
    const socket = connect({ host: hostname, port: Number(port), onread: { buffer: shared, callback } });
    const reader: Reader = { lastAt: 0, close: () => socket.destroy() };
    socket.once('error', reject);
    socket.write(
      `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAccept: text/event-stream\r\nAccept-Encoding: gzip\r\n` +
        `Last-Event-ID: ${after}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
  });
}

/** The same, and decodes the response. */
function decode({ url, token, after }: ReadersOpening): Promise<Reader> {
  const headers = { 'accept-encoding': 'gzip', 'last-event-id': after, authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    get(url, { agent: false, headers }, (response) => {
      const coding = response.headers['content-encoding'] ?? 'no coding';
      if (coding !== 'gzip') {
        reject(new Error(`A reader was answered ${response.statusCode} with ${coding}`));
        return;
      }
      const reader: Reader = { lastAt: 0, close: () => response.destroy() };
      response.on('data', (part: Buffer) => (bytes += part.length));
      // It ends in the middle.
      response.on('error', () => undefined);
      const plain = response.pipe(createGunzip());
      plain.on('data', (part: Buffer) => {
        if (part.includes(ITEMS)) reader.lastAt = performance.now();
      });
      resolve(reader);
    }).once('error', reject);
  });
}

async function answer(job: ReadersJob): Promise<OpenReaders | ClosedReaders> {
  if (job === 'close') {
    const following = readers.filter(({ lastAt }) => performance.now() - lastAt < RECENT_MS).length;
    for (const reader of readers) reader.close();
    return { following, bytes };
  }
  bytes = 0;
  readers = await Promise.all(
    Array.from({ length: job.open.count }, (_, place) => (place < DECODING ? decode : read)(job.open)),
  );
  return { open: readers.length };
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
