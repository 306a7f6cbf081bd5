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
  if (!('release' in result)) throw new Error(`held by ${result.process.pid}`);
  return result;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'owner-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('tryLock', () => {
  it('names the holder to whoever comes second', () => {
    lock();
    expect(tryLock(folder, 'command')).toEqual({ role: 'server', process: self });
  });

  it('can be taken again once released', () => {
    lock().release();
    expect(() => lock()).not.toThrow();
  });

  it('takes over from a process whose number was given to another one since', () => {
    const reused = { role: 'server', process: { pid: process.pid, startedAt: 'in another life' } };
    writeFileSync(join(folder, 'owner.7'), JSON.stringify(reused));
    expect(lock().holder.process).toEqual(self);
  });

  it('takes over from a file that lost its end with the power', () => {
    writeFileSync(join(folder, 'owner.1'), '');
    expect(lock().holder.process).toEqual(self);
  });

  it('lets the highest generation count, whatever else lies there', () => {
    lock().release();
    writeFileSync(join(folder, 'owner.40'), JSON.stringify({ role: 'command', process: self }));
    expect(tryLock(folder, 'server')).toEqual({ role: 'command', process: self });
  });

  it('does not fill the folder over the years', () => {
    for (let times = 0; times < 50; times++) lock().release();
    expect(readdirSync(folder).length).toBeLessThan(10);
  });
});
