import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { threadEntry } from '#libs/threads';
import { makeScratch, type Scratch } from '../support/scratch.js';
import { SmallFileWriter } from './local.writer.js';

let scratch: Scratch;
beforeEach(async () => {
  scratch = await makeScratch();
});
afterEach(() => scratch.remove());

it('copies exactly the given bytes', async () => {
  const memory = Buffer.from('before, middle, after');
  const target = join(scratch.folder, 'new', 'file');
  const written = new SmallFileWriter({ durable: true }).write(target, memory.subarray(8, 14));
  memory.fill(0);
  await written;
  expect(await readFile(target, 'utf8')).toBe('middle');
});

it('rejects all pending writes when the thread dies, and starts another one', async () => {
  const writer = new SmallFileWriter(
    { durable: false },
    threadEntry('./testing/dying-writer-thread.js', import.meta.url),
  );
  const files = ['a', 'b', 'c'].map((name) => writer.write(join(scratch.folder, name), Buffer.from(name)));
  for (const { status } of await Promise.allSettled(files)) expect(status).toBe('rejected');
  await expect(writer.write(join(scratch.folder, 'd'), Buffer.from('d'))).rejects.toThrow(
    'ended with code 3',
  );
});
