import 'reflect-metadata';
import { loadEnvironment } from './config/load-environment.js';
import { runProcess } from './run-process.js';

/** The worker role: as many of these as wanted. */
await runProcess(async (opened) => {
  const environment = loadEnvironment();
  const { startWorker } = await import('./start-worker.js');
  opened(await startWorker(environment));
});
