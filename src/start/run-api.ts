import { assertAdmission } from './assert-admission.js';
import { assertGiven } from './assert-role.js';
import { assertFolders, assertOpenFiles } from './assert-surroundings.js';
import type { Extension } from '../extension/define-extension.js';
import { Extensions } from '../extension/extensions.js';
import { runProcess } from '../process/run-process.js';

/** Runs the API role; any number of these processes can run. */
export function runApi(extensions: readonly Extension[]): Promise<void> {
  return runProcess(async ({ opened }, environment) => {
    assertGiven(environment, ['DATABASE_URL', 'REDIS_URL', 'TOKEN_SECRET']);
    assertOpenFiles(environment, 0);
    assertFolders(environment);
    await assertAdmission(environment, extensions);
    // Loaded last: a process with few file descriptors could not load its modules.
    const { startApi } = await import('./start-api.js');
    opened(await startApi(environment, extensions));
  }, new Extensions(extensions).additions);
}
