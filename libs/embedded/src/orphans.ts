import { rmSync } from 'node:fs';
import { endProcess, ENDINGS, type EndingStep } from './ending.js';
import { isAlive } from './process-identity.js';
import { readRunning, removeRunning } from './running-record.js';
import { settle } from './settle.js';

/** The guardian ends by itself, after its last step for the services. SIGCONT resumes a suspended one. */
const GUARDIAN_ENDING: readonly EndingStep[] = [
  { signal: 'SIGCONT', timeoutSeconds: 40 },
  { signal: 'SIGKILL', timeoutSeconds: 5 },
];

/**
 * Stops the services of an owner that was killed. Usually its guardian is already stopping them; it is awaited, because
 * it removes the record last and must not remove that of the next owner.
 */
export async function endOrphans(folder: string, log: (line: string) => void): Promise<void> {
  const left = readRunning(folder);
  if (left === undefined) return;
  const { database, redis, guardian } = left;
  const processes = [database?.process, redis?.process, guardian];
  if (processes.some((process) => process !== undefined && isAlive(process))) {
    log(`Process ${left.owner.pid} ended without stopping its services; stopping them now`);
  }
  if (guardian) await endProcess(guardian, GUARDIAN_ENDING);
  await settle([
    ...(database ? [endProcess(database.process, ENDINGS.database)] : []),
    ...(redis ? [endProcess(redis.process, ENDINGS.redis)] : []),
  ]);
  if (redis?.temporaryFolder !== undefined) rmSync(redis.temporaryFolder, { recursive: true, force: true });
  removeRunning(folder);
}
