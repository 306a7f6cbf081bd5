import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createProber, type Prober, type ProberOptions } from './index.js';

const astray = { entry: new URL('../test-threads/astray.mjs', import.meta.url), execArgv: [] };
const bench = fileURLToPath(new URL('../../../test/fixtures/bench-28k.mp4', import.meta.url));
const probers: Prober[] = [];

function start(options: ProberOptions): Prober {
  const prober = createProber(options);
  probers.push(prober);
  return prober;
}

/** Threads of this process that live, as its diagnostic report lists them. */
function threads(): number {
  const report: object = process.report.getReport();
  return 'workers' in report && Array.isArray(report.workers) ? report.workers.length : Number.NaN;
}

afterEach(async () => {
  await Promise.all(probers.splice(0).map((prober) => prober.close()));
});

describe('a thread that goes astray', () => {
  it.each([
    ['hang', 'timed-out'],
    ['hoard', 'out-of-memory'],
    ['throw', 'crashed'],
    ['exit', 'crashed'],
  ])('%s: costs its own file only, and is replaced', async (path, failure) => {
    const timeoutMs = path === 'hang' ? 300 : 60_000;
    const prober = start({ workers: 1, timeoutMs, maxMemoryMb: 32, entry: astray });
    const before = await prober.probe('fine');
    const [bad, good] = await Promise.allSettled([prober.probe(path), prober.probe('fine')]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { name: 'ProbeFailedError', failure } });
    expect(good).toMatchObject({ status: 'fulfilled' });
    expect(good).not.toMatchObject({ value: before });
  });

  it('does not disturb the file that another thread reads', async () => {
    const prober = start({ workers: 2, timeoutMs: 60_000, entry: astray });
    const [bad, ...good] = await Promise.allSettled(
      ['throw', 'fine', 'fine', 'fine'].map((path) => prober.probe(path)),
    );
    expect(bad?.status).toBe('rejected');
    expect(good.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  });

  it('times the reading and not the waiting', async () => {
    const prober = start({ workers: 1, timeoutMs: 400, entry: astray });
    const results = await Promise.allSettled(
      ['hang', 'hang', 'hang', 'fine'].map((path) => prober.probe(path)),
    );
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
  });
});

describe('abort', () => {
  it('refuses a file whose signal is aborted already', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(start({ workers: 1 }).probe(bench, { signal })).rejects.toThrow('cancelled');
  });

  it('ends the wait for a file under way and for one in the queue, and the prober works on', async () => {
    const prober = start({ workers: 1, timeoutMs: 500, entry: astray });
    const controller = new AbortController();
    const results = ['hang', 'fine'].map((path) => prober.probe(path, { signal: controller.signal }));
    controller.abort(new Error('cancelled'));
    for (const { status } of await Promise.allSettled(results)) expect(status).toBe('rejected');
    await expect(results[0]).rejects.toThrow('cancelled');
    await expect(prober.probe('fine')).resolves.toBeDefined();
  });
});

describe('close', () => {
  it('ends a thread that would never end by itself, and fails what waits', async () => {
    const prober = start({ workers: 1, timeoutMs: 60_000, entry: astray });
    await prober.probe('fine');
    const results = Promise.allSettled([prober.probe('hang'), prober.probe('fine')]);
    await prober.close();
    const closed = { status: 'rejected', reason: { name: 'ProbeFailedError', failure: 'closed' } };
    expect(await results).toMatchObject([closed, closed]);
    await expect(prober.probe('fine')).rejects.toMatchObject({ failure: 'closed' });
  });

  it('leaves no thread behind', async () => {
    const before = threads();
    const prober = start({ workers: 2 });
    await Promise.all([prober.probe(bench), prober.probe(bench)]);
    expect(threads()).toBe(before + 2);
    await prober.close();
    expect(threads()).toBe(before);
  });
});

describe('a file that is not there', () => {
  it('is a failure, not a verdict about the file', async () => {
    const probe = start({ workers: 1 }).probe('/nonexistent/film.mp4');
    await expect(probe).rejects.toMatchObject({ name: 'ProbeFailedError', failure: 'unreadable' });
  });
});
