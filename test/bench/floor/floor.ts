import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, request } from 'undici';

/**
 * The floor: what Node and undici reach on this machine when nothing is done but request, hash, write and rename; no
 * queue, no database, no probe. A process of its own, as the product is; it ends with its parent.
 */
export interface FloorJob {
  urls: readonly string[];
  concurrency: number;
  /** Folder that exists, and holds the files afterwards. */
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
      if (!Buffer.isBuffer(chunk)) throw new TypeError('A body is made of buffers');
      hash.update(chunk);
      await file.write(chunk);
      size += chunk.length;
    }
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
      process.stderr.write(`The floor broke: ${String(error)}\n`);
      process.exit(1);
    },
  );
});
