import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, request } from 'undici';

/**
 * The durable baseline: Node and undici request, hash, write, flush and rename files on this machine, without queue,
 * database and probe. It is a separate process, like the product, and ends with its parent.
 */
export interface FloorJob {
  urls: readonly string[];
  concurrency: number;
  /** Existing folder for the files. */
  folder: string;
}

export interface FloorResult {
  seconds: number;
  bytes: number;
}

const agent = new Agent();

async function run({ urls, concurrency, folder }: FloorJob): Promise<FloorResult> {
  const queue = urls.entries();
  let bytes = 0;
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (const [place, url] of queue) bytes += await fetchFile(url, join(folder, String(place)));
    }),
  );
  return { seconds: (performance.now() - begin) / 1_000, bytes };
}

async function fetchFile(url: string, path: string): Promise<number> {
  const { statusCode, body } = await request(url, { dispatcher: agent });
  if (statusCode !== 200) throw new Error(`The origin answered ${statusCode}`);
  const hash = createHash('sha256');
  const file = await open(`${path}.part`, 'w');
  let size = 0;
  try {
    for await (const chunk of body) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('The body chunk is not a buffer');
      hash.update(chunk);
      await file.write(chunk);
      size += chunk.length;
    }
    // The product does not confirm a file before it is on the disk.
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, `${path}-${hash.digest('hex')}`);
  return size;
}

process.once('disconnect', () => process.exit(0));
process.on('message', (job: FloorJob) => {
  run(job).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`The baseline failed: ${String(error)}\n`);
      process.exit(1);
    },
  );
});
