import 'reflect-metadata';
import { assertAdmission } from './assert-admission.js';
import { loadEnvironment } from './config/load-environment.js';
import { runProcess } from './process/run-process.js';
import { startApi } from './start-api.js';

/** The API role: as many of these as wanted. */
await runProcess(async ({ opened }) => {
  const environment = loadEnvironment();
  await assertAdmission(environment);
  opened(await startApi(environment));
});
