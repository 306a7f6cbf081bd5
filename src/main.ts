import 'reflect-metadata';
import { assertAdmission } from './assert-admission.js';
import { assertGiven } from './assert-role.js';
import { assertFolders, assertOpenFiles } from './assert-surroundings.js';
import { loadEnvironment } from './config/load-environment.js';
import { runProcess } from './process/run-process.js';

/** The API role: as many of these as wanted. */
await runProcess(async ({ opened }) => {
  const environment = loadEnvironment();
  assertGiven(environment, ['DATABASE_URL', 'REDIS_URL', 'TOKEN_SECRET']);
  assertOpenFiles(environment, 0);
  assertFolders(environment);
  await assertAdmission(environment);
  // Loaded last: what it needs is more than a process with few open files can load.
  const { startApi } = await import('./start-api.js');
  opened(await startApi(environment));
});
