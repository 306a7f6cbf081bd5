import type { ThreadEntry } from '#libs/threads';
import { assertAdmission } from './assert-admission.js';
import { assertGiven } from './assert-role.js';
import { assertFolders, assertOpenFiles } from './assert-surroundings.js';
import type { Extension } from '../extension/define-extension.js';
import { Extensions } from '../extension/extensions.js';
import { runProcess } from '../process/run-process.js';

/** Runs the worker role; any number of these processes can run. */
export function runWorker(extensions: readonly Extension[], entry: ThreadEntry): Promise<void> {
  return runProcess(async ({ opened }, environment) => {
    assertGiven(environment, ['DATABASE_URL', 'REDIS_URL']);
    assertOpenFiles(environment, environment.WORKER_CONCURRENCY);
    assertFolders(environment);
    await assertAdmission(environment, extensions);
    const { startWorker } = await import('./start-worker.js');
    opened(await startWorker(environment, extensions, { entry }));
  }, new Extensions(extensions).additions);
}
