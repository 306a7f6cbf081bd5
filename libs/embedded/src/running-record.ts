import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readPrivate, writePrivate } from './private-file.js';
import type { ProcessIdentity } from './process-identity.js';

/** A service process and its URL. */
export interface RunningService {
  process: ProcessIdentity;
  url: string;
  /** Removed when the process ends. */
  temporaryFolder?: string;
}

/** The services of an owner, for commands that attach to them and for the next owner if this one is killed. */
export interface RunningRecord {
  owner: ProcessIdentity;
  /** Whether all requested services can be reached. */
  ready: boolean;
  /** Stops the services if the owner ends. */
  guardian?: ProcessIdentity;
  database?: RunningService;
  redis?: RunningService;
}

/** Returns the path of a folder's record. */
export const runningRecordOf = (folder: string): string => join(folder, 'running.json');

/** Atomically replaces the record; only its owner can read it, because it contains a password. */
export function writeRunning(folder: string, record: RunningRecord): void {
  writePrivate(runningRecordOf(folder), JSON.stringify(record));
}

/** Returns the record; undefined if nothing runs. */
export function readRunning(folder: string): RunningRecord | undefined {
  const content = readPrivate(runningRecordOf(folder));
  return content === undefined ? undefined : JSON.parse(content);
}

/** Removes the record after the services have ended. */
export function removeRunning(folder: string): void {
  rmSync(runningRecordOf(folder), { force: true });
}
