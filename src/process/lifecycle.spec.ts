import { once } from 'node:events';
import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from 'vitest';
import { openProcessScope } from './testing/process-scope.js';
import { untilAborted } from './testing/until-aborted.js';

beforeAll(() => Logger.overrideLogger(false));

describe('the shutdown', () => {
  it('runs its phases in order and reports its state', async () => {
    const { lifecycle, shutDown } = openProcessScope({ SHUTDOWN_GRACE_MS: '1h' });
    const seen: unknown[] = [];
    const note = (phase: string) => (): void => {
      seen.push([phase, lifecycle.state, lifecycle.draining.aborted, lifecycle.deadline.aborted]);
    };
    for (const phase of ['release', 'quiet', 'drain', 'stop'] as const)
      lifecycle.on(phase, phase, note(phase));
    note('before')();
    await shutDown();
    note('after')();
    expect(seen).toEqual([
      ['before', 'accepting', false, false],
      ['stop', 'draining', true, false],
      ['drain', 'draining', true, false],
      ['quiet', 'draining', true, true],
      ['release', 'draining', true, true],
      ['after', 'closed', true, true],
    ]);
  });

  it('runs every step even if others fail', async () => {
    const { lifecycle, shutDown } = openProcessScope({ SHUTDOWN_GRACE_MS: '0' });
    const ran: string[] = [];
    for (const phase of ['stop', 'drain', 'quiet', 'release'] as const) {
      lifecycle.on(phase, 'throws', () => {
        throw new Error(`${phase} failed`);
      });
      lifecycle.on(phase, 'rejects', () => Promise.reject(new Error(`${phase} failed`)));
      lifecycle.on(phase, 'works', () => void ran.push(phase));
    }
    await shutDown();
    expect(ran).toEqual(['stop', 'drain', 'quiet', 'release']);
  });

  it('does not wait for a step that never ends', async () => {
    const { lifecycle, shutDown } = openProcessScope({ SHUTDOWN_GRACE_MS: '0' });
    const ran: string[] = [];
    lifecycle.on('stop', 'hangs', () => new Promise(() => undefined));
    lifecycle.on('release', 'works', () => void ran.push('release'));
    await shutDown();
    expect(ran).toEqual(['release']);
  });

  it('aborts the deadline at the end of the grace period while it waits for in-flight work', async () => {
    const { lifecycle, shutDown } = openProcessScope({ SHUTDOWN_GRACE_MS: '20' });
    let state: string | undefined;
    lifecycle.on('drain', 'in-flight work', async () => {
      await untilAborted(lifecycle.deadline);
      state = lifecycle.state;
    });
    await shutDown();
    expect(state).toBe('draining');
  });

  it('runs only once', async () => {
    const { lifecycle, shutDown } = openProcessScope();
    let times = 0;
    lifecycle.on('stop', 'counts', () => void (times += 1));
    await Promise.all([shutDown(), shutDown()]);
    await shutDown();
    expect(times).toBe(1);
  });
});

describe('a periodic task', () => {
  it('stops when the process drains, after its last run has finished', async () => {
    const { tasks, lifecycle, shutDown } = openProcessScope();
    let turns = 0;
    let ended = 0;
    tasks.start({
      name: 'task',
      everyMs: 1,
      run: async (signal) => {
        turns += 1;
        if (turns === 2) await untilAborted(signal);
        ended += 1;
      },
    });
    await expect.poll(() => turns).toBe(2);
    let endedBeforeDrain: number | undefined;
    lifecycle.on('drain', 'looks', () => void (endedBeforeDrain = ended));
    await shutDown();
    expect([turns, endedBeforeDrain]).toEqual([2, 2]);
  });

  it('can continue until in-flight work has ended', async () => {
    const { tasks, lifecycle, shutDown } = openProcessScope({ SHUTDOWN_GRACE_MS: '1h' });
    let turns = 0;
    tasks.start({ name: 'renews', everyMs: 1, until: 'drained', run: () => void (turns += 1) });
    let drained = 0;
    lifecycle.on('drain', 'in-flight work', async () => {
      const before = turns;
      await expect.poll(() => turns).toBeGreaterThan(before + 2);
      drained = turns;
    });
    await shutDown();
    const last = turns;
    expect(drained).toBeGreaterThan(2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(turns).toBe(last);
  });

  it('never overlaps itself and continues after a failure', async () => {
    const { tasks, shutDown } = openProcessScope();
    let ticks = 0;
    let runs = 0;
    const release = new AbortController();
    tasks.start({ name: 'clock', everyMs: 1, run: () => void (ticks += 1) });
    tasks.start({
      name: 'task',
      everyMs: 1,
      run: async () => {
        runs += 1;
        if (!release.signal.aborted) await once(release.signal, 'abort');
        throw new Error('it fails');
      },
    });
    await expect.poll(() => runs).toBe(1);
    const before = ticks;
    // Another task of the same period runs several times meanwhile.
    await expect.poll(() => ticks).toBeGreaterThan(before + 3);
    expect(runs).toBe(1);
    release.abort();
    await expect.poll(() => runs).toBeGreaterThan(3);
    await shutDown();
  });

  it('has its signal aborted at its time limit', async () => {
    const { tasks, shutDown } = openProcessScope();
    let reason: unknown;
    tasks.start({
      name: 'task',
      everyMs: 1,
      limitMs: 10,
      run: async (signal) => {
        await untilAborted(signal);
        reason = signal.reason;
      },
    });
    await expect.poll(() => reason).toMatchObject({ name: 'TimeLimitError' });
    await shutDown();
  });
});
