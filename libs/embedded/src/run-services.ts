import { rmSync } from 'node:fs';
import type { OwnerLock } from './owner-lock.js';
import { startPostgres } from './postgres/server.js';
import { isAlive } from './process-identity.js';
import { startRedis } from './redis/server.js';
import { readRunning, removeRunning, writeRunning, type RunningRecord } from './running-record.js';
import { endProcess, type ServiceProcess } from './service-process.js';
import type { ServicesOptions, SomeServices } from './services.options.js';

/** Starts what is needed in a folder whose lock we hold, and lets go of the lock when all of it has ended. */
export async function runServices(
  folder: string,
  lock: OwnerLock,
  { need, durable = true, addresses = {}, log = () => undefined }: ServicesOptions,
): Promise<SomeServices> {
  const record: RunningRecord = { owner: lock.holder.process, ready: false };
  const keep = (change: Partial<RunningRecord>): void => writeRunning(folder, Object.assign(record, change));
  const started: ServiceProcess[] = [];
  const { databasePort, redisSocket } = addresses;
  const findPort = databasePort === undefined ? undefined : () => Promise.resolve(databasePort);
  const start = async (wanted: boolean | undefined, run: () => Promise<ServiceProcess>): Promise<void> => {
    if (wanted ?? true) started.push(await run());
  };
  const stop = once(async () => {
    await settle(started.map((service) => service.stop()));
    removeRunning(folder);
    lock.release();
  });
  try {
    await endOrphans(folder, log);
  } catch (error) {
    // The record stays: what could not be ended is still to be ended by the next owner.
    lock.release();
    throw error;
  }
  try {
    await settle([
      start(need?.database, () => startPostgres(folder, durable, (database) => keep({ database }), findPort)),
      start(need?.redis, () => startRedis(folder, (redis) => keep({ redis }), log, redisSocket)),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  keep({ ready: true });
  for (const service of started) service.reportEnd(log);
  return { databaseUrl: record.database?.url, redisUrl: record.redis?.url, stop };
}

/** Ends what an owner left running that was killed. */
async function endOrphans(folder: string, log: (line: string) => void): Promise<void> {
  const left = readRunning(folder);
  if (left === undefined) return;
  const { database, redis } = left;
  if ([database, redis].some((service) => service !== undefined && isAlive(service.process))) {
    log(`Process ${left.owner.pid} ended without stopping its services: stopping them first`);
  }
  await settle([
    ...(database ? [endProcess(database.process, 'SIGINT', 'SIGQUIT')] : []),
    ...(redis ? [endProcess(redis.process, 'SIGTERM', 'SIGKILL')] : []),
  ]);
  if (redis?.temporaryFolder !== undefined) rmSync(redis.temporaryFolder, { recursive: true, force: true });
  removeRunning(folder);
}

/** Waits for all of them, then fails with the first failure: nothing goes on behind the caller's back. */
async function settle(work: Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason;
  }
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= action());
}
