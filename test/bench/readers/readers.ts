import { Agent, request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
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

const agent = new Agent({ keepAlive: false });
let streams: IncomingMessage[] = [];
let finished = 0;
let bytes = 0;

async function read(url: string, token: string): Promise<IncomingMessage> {
  const headers = { accept: 'text/event-stream', authorization: `Bearer ${token}` };
  const asked = request(url, { agent, headers }).end();
  const [response]: IncomingMessage[] = await once(asked, 'response');
  if (response?.statusCode !== 200) throw new Error(`A reader was answered ${response?.statusCode}`);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (chunk.includes(LAST_EVENT)) finished += 1;
  });
  return response;
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
