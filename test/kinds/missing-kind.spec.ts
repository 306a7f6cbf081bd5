import { afterAll, beforeAll, expect, it } from 'vitest';
import { defineExtension, defineKind, integer } from '../../src/extension/index.js';
import { WaitingRepository } from '../../src/imports/workers/waiting.repository.js';
import { Installation } from './installation.js';

const captions = defineKind({
  name: 'captions',
  noun: 'caption',
  item: {},
  result: { lines: integer({ description: 'Number of lines', example: 2 }) },
  report: ['lines'],
  codes: {},
  processMs: 10_000,
  host: () => null,
  process: () => Promise.resolve({}),
  record: (_, done) => Promise.resolve(done.map(() => ({ state: 'success' as const, result: { lines: 1 } }))),
});

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.open();
});
afterAll(() => installation?.close());

it('items of an extension that no worker has wait with the reason kind_missing, and go on with one', async () => {
  const without = await installation.start([]);
  const id = await installation.importItems('captions', { one: {} });
  const missing = async (): Promise<number> => {
    const { waiting } = await without.get(WaitingRepository, { strict: false }).backlog();
    return waiting.kind_missing;
  };
  await expect.poll(missing, { timeout: 20_000 }).toBe(1);
  expect(await installation.states(id)).toEqual(['pending']);
  await installation.start([defineExtension({ name: 'captions', kinds: [captions] })]);
  await expect.poll(() => installation.states(id), { timeout: 20_000 }).toEqual(['success']);
  expect(await missing()).toBe(0);
});
