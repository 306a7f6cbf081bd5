import 'reflect-metadata';
import { resolve } from 'node:path';
import { startServices } from '#libs/embedded';
import { assertAdmission } from './assert-admission.js';
import { assertGiven } from './assert-role.js';
import { assertFolders, assertOpenFiles } from './assert-surroundings.js';
import { completeEnvironment, loadEnvironment } from './config/load-environment.js';
import { runProcess } from './process/run-process.js';

/** Both roles in one process, on embedded services where none are named: `npm start`. */
await runProcess(async ({ opened, fail }, given) => {
  // Others may share that database, and no folder.
  if (given.DATABASE_URL !== undefined) assertGiven(given, ['TOKEN_SECRET']);
  assertOpenFiles(given, given.WORKER_CONCURRENCY);
  const services = await startServices({
    dataDir: resolve(given.DATA_DIR),
    need: { database: given.DATABASE_URL === undefined, redis: given.REDIS_URL === undefined },
    restart: true,
    onFailed: fail,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  opened({ close: () => services.stop() }, 'service');
  const { databaseUrl, redisUrl } = services;
  completeEnvironment({
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
  });
  const environment = loadEnvironment();
  // Embedded services have made the folder by now, in a way that lets PostgreSQL in.
  assertFolders(environment);
  await assertAdmission(environment);
  const { startApi } = await import('./start-api.js');
  const { startWorker } = await import('./start-worker.js');
  const { startSampleArchive } = await import('./sample-archive.js');
  const { welcome } = await import('./welcome.js');
  // On a database of one's own this may be more than a try: nothing on loopback is reached unless it is named.
  const archive = given.DATABASE_URL === undefined ? await startSampleArchive() : undefined;
  // Downloads in flight end before it does.
  if (archive !== undefined) opened(archive, 'service');
  const api = await startApi(environment, { signIn: true, sampleVideo: archive?.videoUrl });
  opened(api);
  const worker = await startWorker(environment, archive === undefined ? [] : [archive.origin]);
  opened(worker);
  await welcome(api, worker, { publicUrl: environment.PUBLIC_URL, sampleVideo: archive?.videoUrl });
});
