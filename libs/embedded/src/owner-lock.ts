import { randomUUID } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from './error-code.js';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';

/** A server holds the lock while it runs, a command only briefly. */
export type Role = 'server' | 'command';

/** The holder of the lock. */
export interface Holder {
  role: Role;
  process: ProcessIdentity;
}

/** A lock held by this process. */
export interface OwnerLock {
  holder: Holder;
  release(): void;
}

// Old generations are removed late, so that a concurrent scan of the folder cannot miss both an old and a new one.
const GENERATIONS_KEPT = 8;

/**
 * Acquires the lock of a folder, or returns its holder.
 *
 * Each owner creates the file `owner.<n + 1>`, which only one process can do; the highest number counts. A lock is
 * never removed by its successor, only marked as released: two processes that find the same dead owner therefore cannot
 * remove each other's lock.
 */
export function tryLock(folder: string, role: Role): OwnerLock | Holder {
  const self = identify(process.pid);
  if (self === undefined) throw new Error('This process cannot see its own start time');
  const holder: Holder = { role, process: self };
  const draft = writeDraft(folder, holder);
  try {
    for (;;) {
      const last = highestGeneration(folder);
      const current = readHolder(folder, last);
      if (current !== undefined && isAlive(current.process)) return current;
      const generation = last + 1;
      if (!publish(draft, fileOf(folder, generation))) continue;
      if (highestGeneration(folder) > generation) {
        rmSync(fileOf(folder, generation), { force: true });
        continue;
      }
      removeOld(folder, generation);
      return { holder, release: () => renameSync(writeDraft(folder, null), fileOf(folder, generation)) };
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

const fileOf = (folder: string, generation: number): string => join(folder, `owner.${generation}`);

function writeDraft(folder: string, holder: Holder | null): string {
  const draft = join(folder, `.owner-${randomUUID()}`);
  writeFileSync(draft, JSON.stringify(holder), { flag: 'wx', mode: 0o644 });
  return draft;
}

/** Creates a hard link, which is atomic and never replaces an existing file. */
function publish(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function generations(folder: string): number[] {
  return readdirSync(folder).flatMap((name) => {
    const digits = /^owner\.(\d+)$/.exec(name)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
}

const highestGeneration = (folder: string): number => Math.max(0, ...generations(folder));

function readHolder(folder: string, generation: number): Holder | undefined {
  try {
    const holder: Holder | null = JSON.parse(readFileSync(fileOf(folder, generation), 'utf8'));
    return holder ?? undefined;
  } catch (error) {
    // Missing: there was no owner, or a newer owner removed it, in which case the link fails. Truncated: the machine
    // lost power, which no owner survives.
    if (hasCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function removeOld(folder: string, generation: number): void {
  for (const old of generations(folder)) {
    if (old <= generation - GENERATIONS_KEPT) rmSync(fileOf(folder, old), { force: true });
  }
}
