import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { threadEntry } from '#libs/threads';
import { childrenOf, isAlive } from '../../child-pool/src/testing/processes.js';
import { createProber, type Prober, type ProberOptions } from './index.js';

const standIn = (name: string) => ({
  entry: new URL(`../test-processes/${name}.mjs`, import.meta.url),
  execArgv: [],
});
const misbehaving = standIn('misbehaving');
const probers: Prober[] = [];

function start(options: ProberOptions): Prober {
  const prober = createProber({ processes: 1, timeoutMs: 60_000, entry: misbehaving, ...options });
  probers.push(prober);
  return prober;
}

/** Returns the id of the process that reads the next file. */
async function pidOf(prober: Prober): Promise<number> {
  return (await prober.probe('fine')).duration ?? 0;
}

const failed = (failure: string) => ({
  status: 'rejected',
  reason: { name: 'ProbeFailedError', failure },
});

afterEach(async () => {
  await Promise.all(probers.splice(0).map((prober) => prober.close()));
});

describe('a process that misbehaves', () => {
  it.each([
    ['hang', 'timed-out'],
    ['hoard', 'out-of-memory'],
    ['hoard bytes', 'out-of-memory'],
    ['throw', 'crashed'],
    ['exit', 'crashed'],
    ['abort', 'crashed'],
    ['babble', 'crashed'],
    ['be no JSON', 'crashed'],
    ['answer NUL', 'crashed'],
    ['answer no size', 'crashed'],
    ['answer no container', 'crashed'],
    ['answer nothing', 'crashed'],
  ])('fails only its own file and is replaced: %s', async (path, failure) => {
    const prober = start({ timeoutMs: path === 'hang' ? 300 : 60_000, maxMemoryMb: 32 });
    const before = await pidOf(prober);
    const [bad, good] = await Promise.allSettled([prober.probe(path), prober.probe('fine')]);
    expect(bad).toMatchObject(failed(failure));
    expect(bad).toMatchObject({ reason: { isCausedByFile: true } });
    expect(good).toMatchObject({ status: 'fulfilled' });
    expect(good).not.toMatchObject({ value: { duration: before } });
    expect(isAlive(before)).toBe(false);
  });

  it('has its answers sanitized: printable names, possible durations, MIME type by container', async () => {
    expect(await start({}).probe('lie')).toEqual({
      container: 'mp4',
      mimeType: 'video/mp4',
      extension: 'mp4',
      videoCodec: 'ab',
      audioCodec: null,
      width: 1,
      height: 1,
      duration: null,
    });
  });

  it('does not use memory of the parent process', async () => {
    const prober = start({ maxMemoryMb: 64 });
    const before = process.memoryUsage.rss();
    await Promise.allSettled(['hoard bytes', 'hoard bytes', 'hoard'].map((path) => prober.probe(path)));
    expect(process.memoryUsage.rss() - before).toBeLessThan(50 * 2 ** 20);
  });

  it('does not affect files in other processes', async () => {
    const prober = start({ processes: 2 });
    const [bad, ...good] = await Promise.allSettled(
      ['throw', 'fine', 'fine', 'fine'].map((path) => prober.probe(path)),
    );
    expect(bad?.status).toBe('rejected');
    expect(good.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  });

  it('is limited by processor time, which does not pass while a file waits', async () => {
    const prober = start({ timeoutMs: 400 });
    const paths = ['hang', 'hang', 'hang', 'fine'];
    const results = await Promise.allSettled(paths.map((path) => prober.probe(path, { lane: 'one' })));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
  });
});

describe('a failure is not caused by the file', () => {
  it('if the process does not start', async () => {
    const [result] = await Promise.allSettled([start({ entry: standIn('no-start') }).probe('fine')]);
    expect(result).toMatchObject(failed('unavailable'));
    expect(result).toMatchObject({ reason: { isCausedByFile: false } });
  });

  it.each([
    ['is missing', new URL('../test-processes/gone.mjs', import.meta.url)],
    ['has no valid path', new URL('data:text/javascript,')],
  ])('if the program %s', async (_, entry) => {
    const prober = start({ entry: { entry, execArgv: [] } });
    await expect(prober.probe('fine')).rejects.toMatchObject({ failure: 'unavailable' });
  });

  it('if the process is killed from outside', async () => {
    const prober = start({});
    await expect(prober.probe('be killed')).rejects.toMatchObject({ failure: 'unavailable' });
    await expect(pidOf(prober)).resolves.toBeGreaterThan(0);
  });

  it('if the process gets no processor time', async () => {
    const prober = start({ timeoutMs: 100 });
    await expect(prober.probe('sleep')).rejects.toMatchObject({ failure: 'unavailable' });
  });

  it('if the file does not exist', async () => {
    const prober = createProber({ processes: 1 });
    probers.push(prober);
    const probe = prober.probe('/nonexistent/film.mp4');
    await expect(probe).rejects.toMatchObject({ name: 'ProbeFailedError', failure: 'unreadable' });
  });

  it('and does not occur after an idle process was killed', async () => {
    const prober = start({});
    const pid = await pidOf(prober);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => isAlive(pid)).toBe(false);
    await expect.poll(() => pidOf(prober).catch(() => pid)).not.toBe(pid);
  });
});

describe('a process', () => {
  it('is replaced after `maxFiles` files', async () => {
    const prober = start({ maxFiles: 3 });
    const pids: number[] = [];
    for (let file = 0; file < 7; file++) pids.push(await pidOf(prober));
    const [first, , , second, , , third] = pids;
    expect(pids).toEqual([first, first, first, second, second, second, third]);
    expect(new Set([first, second, third]).size).toBe(3);
    await expect.poll(() => [first, second].map((pid) => isAlive(pid ?? 0))).toEqual([false, false]);
  });

  it('is reused', async () => {
    const prober = start({ processes: 2 });
    const first = await pidOf(prober);
    expect(await pidOf(prober)).toBe(first);
  });

  it('ends with its parent, even while it is busy with a file', async () => {
    const { entry, execArgv } = threadEntry('./testing/abandoning-parent.js', import.meta.url);
    const parent = spawn(process.execPath, [...execArgv, '--conditions=source', fileURLToPath(entry)], {
      stdio: 'ignore',
    });
    const busy = (): number[] =>
      childrenOf(parent.pid ?? 0)
        .filter(({ seconds }) => seconds >= 4)
        .map(({ pid }) => pid);
    await expect.poll(() => busy().length, { timeout: 120_000 }).toBe(1);
    const [child = 0] = busy();
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(child)).toBe(false);
  }, 180_000);
});

describe('lanes', () => {
  it('take turns', async () => {
    const prober = start({});
    const order: string[] = [];
    const probe = (lane: string) => prober.probe('fine', { lane }).then(() => order.push(lane));
    await Promise.all(['first', 'a', 'a', 'a', 'b', 'b', 'c'].map(probe));
    expect(order).toEqual(['first', 'a', 'b', 'c', 'a', 'b', 'a']);
  });

  it('are not delayed by slow files of another lane, which runs one slow file at a time', async () => {
    const prober = start({ slowAfterMs: 100 });
    const over: string[] = [];
    const slow = Array.from({ length: 5 }, () =>
      prober.probe('sleep', { lane: 'slow' }).finally(() => over.push('slow')),
    );
    const results = Promise.allSettled(slow);
    for (const lane of ['b', 'c', 'b']) await prober.probe('fine', { lane });
    expect(over).toEqual([]);
    // One process for the slow file, and one that has read the others.
    expect(childrenOf(process.pid).length).toBeLessThanOrEqual(2);
    await prober.close();
    for (const result of await results) expect(result).toMatchObject(failed('closed'));
  });

  it('leave a place to others when two have slow files', async () => {
    const prober = start({ slowAfterMs: 100 });
    const slow = ['a', 'b', 'a', 'b'].map((lane) => prober.probe('sleep', { lane }));
    const results = Promise.allSettled(slow);
    await expect(prober.probe('fine', { lane: 'c' })).resolves.toBeDefined();
    await prober.close();
    await results;
  });
});

describe('abort', () => {
  it('rejects a file whose signal is already aborted', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(start({}).probe('fine', { signal })).rejects.toThrow('cancelled');
  });

  it('rejects files in flight and in the queue, and the prober keeps working', async () => {
    const prober = start({ timeoutMs: 500 });
    const controller = new AbortController();
    const results = ['hang', 'fine'].map((path) => prober.probe(path, { signal: controller.signal }));
    controller.abort(new Error('cancelled'));
    for (const { status } of await Promise.allSettled(results)) expect(status).toBe('rejected');
    await expect(results[0]).rejects.toThrow('cancelled');
    await expect(prober.probe('fine')).resolves.toBeDefined();
  });
});

describe('close', () => {
  it('ends a hanging process and fails waiting files', async () => {
    const prober = start({});
    await prober.probe('fine');
    const results = Promise.allSettled([prober.probe('hang'), prober.probe('fine')]);
    await prober.close();
    expect(await results).toMatchObject([failed('closed'), failed('closed')]);
    await expect(prober.probe('fine')).rejects.toMatchObject({ failure: 'closed' });
  });

  it('leaves no process behind, not even a starting one', async () => {
    const others = childrenOf(process.pid).length;
    const prober = start({ processes: 2 });
    await Promise.all([prober.probe('fine'), prober.probe('fine')]);
    expect(childrenOf(process.pid).length).toBe(others + 2);
    await prober.close();
    expect(childrenOf(process.pid).length).toBe(others);
    const starting = start({});
    const result = Promise.allSettled([starting.probe('fine')]);
    await starting.close();
    expect(await result).toMatchObject([failed('closed')]);
    expect(childrenOf(process.pid).length).toBe(others);
  });
});

it('a process does not inherit the environment, which contains secrets', async () => {
  const pid = await pidOf(start({}));
  const shown = execFileSync('ps', ['eww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  expect(shown).toContain('UV_THREADPOOL_SIZE=');
  expect(shown).not.toContain('PATH=');
});
