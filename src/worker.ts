import 'reflect-metadata';
import { assertAdmission } from './assert-admission.js';
import { assertGiven } from './assert-role.js';
import { assertFolders, assertOpenFiles } from './assert-surroundings.js';
import { runProcess } from './process/run-process.js';

/** The worker role; run any number of these processes. */
await runProcess(async ({ opened }, environment) => {
  assertGiven(environment, ['DATABASE_URL', 'REDIS_URL']);
  assertOpenFiles(environment, environment.WORKER_CONCURRENCY);
  assertFolders(environment);
  await assertAdmission(environment);
  const { startWorker } = await import('./start-worker.js');
  opened(await startWorker(environment));
});
