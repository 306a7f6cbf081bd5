import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tryLock, type OwnerLock } from './owner-lock.js';
import { identify } from './process-identity.js';

let folder: string;
const self = identify(process.pid)!;

function lock(): OwnerLock {
  const result = tryLock(folder, 'server');
  if (!('release' in result)) throw new Error(`Held by ${result.process.pid}`);
  return result;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'owner-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('tryLock', () => {
  it('returns the holder to the second caller', () => {
    lock();
    expect(tryLock(folder, 'command')).toEqual({ role: 'server', process: self });
  });

  it('can be acquired again after its release', () => {
    lock().release();
    expect(() => lock()).not.toThrow();
  });

  it('takes over from a process whose pid was reused', () => {
    const reused = { role: 'server', process: { pid: process.pid, startedAt: 'in another life' } };
    writeFileSync(join(folder, 'owner.7'), JSON.stringify(reused));
    expect(lock().holder.process).toEqual(self);
  });

  it('takes over from a file truncated by a power failure', () => {
    writeFileSync(join(folder, 'owner.1'), '');
    expect(lock().holder.process).toEqual(self);
  });

  it('uses the highest generation', () => {
    lock().release();
    writeFileSync(join(folder, 'owner.40'), JSON.stringify({ role: 'command', process: self }));
    expect(tryLock(folder, 'server')).toEqual({ role: 'command', process: self });
  });

  it('limits the number of lock files', () => {
    for (let times = 0; times < 50; times++) lock().release();
    expect(readdirSync(folder).length).toBeLessThan(10);
  });
});
