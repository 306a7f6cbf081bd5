import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { threadEntry } from './index.js';

it('threadEntry returns a module that a thread can run from source', async () => {
  const { entry, execArgv } = threadEntry('./testing/typed-thread.js', import.meta.url);
  const worker = new Worker(entry, { execArgv, workerData: 20 });
  expect(await once(worker, 'message')).toEqual([42]);
});

it('threadEntry returns the compiled module for a compiled importer', () => {
  const { entry, execArgv } = threadEntry(
    './probe-thread.js',
    'file:///app/dist/libs/media-probe/src/prober.js',
  );
  expect([entry.href, execArgv]).toEqual(['file:///app/dist/libs/media-probe/src/probe-thread.js', []]);
});
