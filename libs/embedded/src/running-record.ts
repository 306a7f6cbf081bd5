import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readPrivate, writePrivate } from './private-file.js';
import type { ProcessIdentity } from './process-identity.js';

/** A service process and how to reach it. */
export interface RunningService {
  process: ProcessIdentity;
  url: string;
  /** Goes away with the process. */
  temporaryFolder?: string;
}

/** What an owner runs, for commands that want to use it and for the next owner, should this one be killed. */
export interface RunningRecord {
  owner: ProcessIdentity;
  /** All that was asked for can be reached. */
  ready: boolean;
  /** Stops the services when the owner is gone. */
  guardian?: ProcessIdentity;
  database?: RunningService;
  redis?: RunningService;
}

/** Where the record of a folder is. */
export const runningRecordOf = (folder: string): string => join(folder, 'running.json');

/** Replaces the record at once; only its owner may read it, for it holds a password. */
export function writeRunning(folder: string, record: RunningRecord): void {
  writePrivate(runningRecordOf(folder), JSON.stringify(record));
}

/** The record, or undefined where nothing runs. */
export function readRunning(folder: string): RunningRecord | undefined {
  const content = readPrivate(runningRecordOf(folder));
  return content === undefined ? undefined : JSON.parse(content);
}

/** Nothing runs any more. */
export function removeRunning(folder: string): void {
  rmSync(runningRecordOf(folder), { force: true });
}
