import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { identify, isAlive, isSame } from './process-identity.js';

describe('identify', () => {
  it('distinguishes this process from a later one with the same pid', () => {
    const self = identify(process.pid)!;
    expect(isAlive(self)).toBe(true);
    expect(isAlive({ ...self, startedAt: `${self.startedAt}0` })).toBe(false);
  });

  it('returns a stable identity', () => {
    expect(isSame(identify(process.pid)!, identify(process.pid)!)).toBe(true);
  });

  it('detects the end of a process', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const identity = identify(child.pid!)!;
    expect(isAlive(identity)).toBe(true);
    child.stdin.end();
    await once(child, 'exit');
    expect(isAlive(identity)).toBe(false);
    expect(identify(child.pid!)).toBeUndefined();
  });
});
