import { ENDINGS } from './ending.js';
import { startGuardian, type Guardian } from './guardian.js';
import { endOrphans } from './orphans.js';
import type { OwnerLock } from './owner-lock.js';
import { preparePostgres } from './postgres/server.js';
import { prepareRedis } from './redis/server.js';
import { removeRunning, runningRecordOf, writeRunning, type RunningRecord } from './running-record.js';
import type { ServicesOptions, SomeServices } from './services.options.js';
import { settle } from './settle.js';
import { supervise, type Launcher, type SupervisedService } from './supervised-service.js';

/**
 * Starts the needed services in a folder whose lock this process holds; releases the lock when all of them have ended.
 */
export async function runServices(
  folder: string,
  lock: OwnerLock,
  options: ServicesOptions,
): Promise<SomeServices> {
  const { need, durable = true, addresses = {}, log = () => undefined } = options;
  const { restart = false, onFailed = () => undefined } = options;
  const record: RunningRecord = { owner: lock.holder.process, ready: false };
  const keep = (change: Partial<RunningRecord>): void => writeRunning(folder, Object.assign(record, change));
  let guardian: Guardian;
  try {
    await endOrphans(folder, log);
    guardian = await startGuardian({
      record: runningRecordOf(folder),
      log,
      onStart: (guardian) => keep({ guardian }),
    });
  } catch (error) {
    // The record stays: the next owner must end the processes that could not be ended.
    lock.release();
    throw error;
  }
  const started: SupervisedService[] = [];
  const start = async (name: keyof typeof ENDINGS, prepare: () => Promise<Launcher>): Promise<void> => {
    if (need?.[name] === false) return;
    const launcher = await prepare();
    const service = await supervise(launcher, {
      onSpawn: (service) => {
        guardian.watch(name, service.process);
        if (service.temporaryFolder !== undefined) guardian.removeInTheEnd(service.temporaryFolder);
        keep({ [name]: service });
      },
      restart,
      log,
      onFailed,
    });
    started.push(service);
  };
  const stop = once(async () => {
    await settle(started.map((service) => service.stop()));
    removeRunning(folder);
    await guardian.dismiss();
    lock.release();
  });
  const { databasePort, redisSocket } = addresses;
  const findPort = databasePort === undefined ? undefined : () => Promise.resolve(databasePort);
  try {
    await settle([
      start('database', () => preparePostgres(folder, durable, findPort, log)),
      start('redis', () => prepareRedis(folder, log, redisSocket)),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  keep({ ready: true });
  return { databaseUrl: record.database?.url, redisUrl: record.redis?.url, stop };
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= action());
}
