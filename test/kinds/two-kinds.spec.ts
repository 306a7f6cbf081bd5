import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancelService } from '../../src/imports/cancel/cancel.service.js';
import { ItemsService } from '../../src/imports/list/items.service.js';
import { WaitingRepository } from '../../src/imports/workers/waiting.repository.js';
import { EngineScope, itemsOf } from './engine.js';
import { Meter, StubKind } from './stub-kind.js';

let scope: EngineScope;
let meter: Meter;
let sounds: StubKind;
let words: StubKind;

beforeEach(async () => {
  scope = await EngineScope.open();
  meter = new Meter();
  sounds = new StubKind('sounds', meter);
  words = new StubKind('words', meter);
});
afterEach(() => scope?.close());

/** Lets items wait until the test opens the gate. */
function gate(): { passed: Promise<void>; open: () => void } {
  const opened = new AbortController();
  const passed = once(opened.signal, 'abort').then(() => undefined);
  return { passed, open: () => opened.abort() };
}

/** Both kinds wait at the gate. */
function holdBoth(): () => void {
  const { passed, open } = gate();
  sounds.work = () => passed;
  words.work = () => passed;
  return open;
}

async function postBoth(count: number): Promise<string[]> {
  const project = await scope.newProject();
  return Promise.all([
    scope.post(project, 'sounds', itemsOf('sound', count)),
    scope.post(project, 'words', itemsOf('word', count)),
  ]);
}

const number = async (sql: string): Promise<number> => {
  const [row] = await scope.database.dataSource.query<[{ count: number }]>(sql);
  return row.count;
};
const inFlight = (): Promise<number> =>
  number(`SELECT count(*)::integer AS count FROM import_items WHERE state IN ('queued', 'running')`);

describe('limits over two kinds', () => {
  it('HOST_CONCURRENCY counts the items of both', async () => {
    const open = holdBoth();
    await scope.startWorker([sounds, words], { HOST_CONCURRENCY: '2' });
    const [one, two] = await postBoth(6);
    await expect.poll(inFlight).toBe(2);
    await expect.poll(() => meter.now).toBe(2);
    open();
    await expect.poll(() => scope.states(one)).toEqual({ success: 6 });
    await expect.poll(() => scope.states(two)).toEqual({ success: 6 });
    expect(meter.mostOfHost).toBe(2);
  });

  it('WORKER_CONCURRENCY and the window count the items of both', async () => {
    const open = holdBoth();
    await scope.startWorker([sounds, words], {
      WORKER_CONCURRENCY: '3',
      DISPATCH_WINDOW: '4',
      HOST_CONCURRENCY: '64',
    });
    const [one, two] = await postBoth(20);
    await expect.poll(() => meter.now).toBe(3);
    await expect.poll(inFlight).toBe(4);
    open();
    await expect.poll(() => scope.states(one)).toEqual({ success: 20 });
    await expect.poll(() => scope.states(two)).toEqual({ success: 20 });
    expect(meter.most).toBe(3);
  });

  it('fairness between projects holds over kinds', async () => {
    await scope.startWorker([sounds, words], { WORKER_CONCURRENCY: '2', DISPATCH_WINDOW: '4' });
    const [many, few] = [await scope.newProject(), await scope.newProject()];
    const { passed, open } = gate();
    // Long enough that the backlog lasts until the worker has heard of the small import.
    sounds.work = () => passed.then(() => wait(25));
    const large = await scope.post(many, 'sounds', itemsOf('sound', 200));
    await expect.poll(() => meter.now).toBe(2);
    const small = await scope.post(few, 'words', itemsOf('word', 5));
    open();
    await expect.poll(() => scope.states(small)).toEqual({ success: 5 });
    await expect.poll(() => scope.states(large)).toEqual({ success: 200 });
    // In turns: the small import does not wait for the backlog of the other kind.
    expect(meter.order.findLastIndex((id) => id.startsWith('word'))).toBeLessThan(100);
  });
});

describe('a kind that fails', () => {
  it('by throwing fails its own items only', async () => {
    sounds.work = () => Promise.reject(new TypeError('Not a function'));
    await scope.startWorker([sounds, words]);
    const [one, two] = await postBoth(3);
    await expect.poll(() => scope.states(one)).toEqual({ 'failed INTERNAL': 3 });
    await expect.poll(() => scope.states(two)).toEqual({ success: 3 });
  });

  it('by throwing while it records fails its own items only', async () => {
    sounds.write = () => Promise.reject(new Error('No such table'));
    await scope.startWorker([sounds, words]);
    const [one, two] = await postBoth(3);
    await expect.poll(() => scope.states(one)).toEqual({ 'failed INTERNAL': 3 });
    await expect.poll(() => scope.states(two)).toEqual({ success: 3 });
  });

  it('by ignoring its signal keeps neither its place nor the process', async () => {
    sounds.work = () => new Promise(() => undefined);
    sounds.processMs = 200;
    const worker = await scope.startWorker([sounds, words], { WORKER_CONCURRENCY: '1' });
    const [one, two] = await postBoth(1);
    await expect.poll(() => scope.states(one)).toEqual({ 'failed PROCESSING_TIMED_OUT': 1 });
    await expect.poll(() => scope.states(two)).toEqual({ success: 1 });
    sounds.processMs = 3_600_000;
    await scope.post(await scope.newProject(), 'sounds', itemsOf('sound', 1));
    await expect.poll(() => meter.now).toBe(3);
    await worker.close();
  });

  it('by hanging while it records delays no other kind', async () => {
    sounds.write = () => new Promise(() => undefined);
    await scope.startWorker([sounds, words], { WORKER_CONCURRENCY: '4' });
    const [one, two] = await postBoth(2);
    await expect.poll(() => scope.states(two)).toEqual({ success: 2 });
    const codes = (): Promise<number> =>
      number(
        `SELECT count(*)::integer AS count FROM import_items WHERE import_id = '${one}' AND code = 'INTERNAL'`,
      );
    await expect.poll(codes, { timeout: 90_000, interval: 500 }).toBe(2);
  });

  it('by hanging while it tidies up delays no other kind', async () => {
    sounds.tidy = () => new Promise(() => undefined);
    await scope.startWorker([sounds, words], { WORKER_CONCURRENCY: '4' });
    const [one, two] = await postBoth(2);
    await expect.poll(() => scope.states(two)).toEqual({ success: 2 });
    await expect.poll(() => scope.states(one)).toEqual({ success: 2 });
  });
});

it('no transaction writes the tables of two kinds, so that none can lock them crosswise', async () => {
  const transactions: Record<string, Set<string>> = { sounds: new Set(), words: new Set() };
  for (const kind of [sounds, words]) {
    kind.write = async (tx) => {
      const [{ id }] = await tx.query<[{ id: string }]>('SELECT pg_current_xact_id()::text AS id');
      transactions[kind.name]?.add(id);
    };
  }
  await scope.startWorker([sounds, words]);
  const [one, two] = await postBoth(50);
  await expect.poll(() => scope.states(one)).toEqual({ success: 50 });
  await expect.poll(() => scope.states(two)).toEqual({ success: 50 });
  expect(transactions['sounds']?.size).toBeGreaterThan(0);
  expect([...(transactions['sounds'] ?? [])].filter((id) => transactions['words']?.has(id))).toEqual([]);
});

describe('a kind without a worker', () => {
  it('waits with the reason kind_missing, and goes on when it is back', async () => {
    await scope.startWorker([words]);
    const [gone, present] = await postBoth(3);
    await expect.poll(() => scope.states(present)).toEqual({ success: 3 });
    expect(await scope.states(gone)).toEqual({ pending: 3 });
    const waiting = async (): Promise<number> =>
      (await scope.api(WaitingRepository).backlog()).waiting.kind_missing;
    await expect.poll(waiting).toBe(1);
    await scope.startWorker([sounds, words]);
    await expect.poll(() => scope.states(gone)).toEqual({ success: 3 });
    expect(await waiting()).toBe(0);
  });

  it('is not claimed by a worker that gets its job', async () => {
    const open = holdBoth();
    const able = await scope.startWorker([sounds, words], { WORKER_CONCURRENCY: '1' });
    const [gone] = await postBoth(3);
    await expect.poll(() => meter.now).toBe(1);
    await scope.startWorker([words], { WORKER_CONCURRENCY: '8' });
    open();
    await expect.poll(() => scope.states(gone)).toEqual({ success: 3 });
    expect(new Set(sounds.processed).size).toBe(3);
    await able.close();
  });

  it('has items, and can be cancelled', async () => {
    const project = await scope.newProject();
    const id = await scope.post(project, 'gone', itemsOf('gone', 2));
    const list = (): Promise<unknown> => scope.api(ItemsService).list(project, id, { limit: 10 });
    expect(await list()).toMatchObject({ results: [{ state: 'pending' }, { state: 'pending' }] });
    await scope.api(CancelService).cancel(project, id);
    expect(await list()).toMatchObject({ results: [{ state: 'failed' }, { state: 'failed' }] });
  });
});
