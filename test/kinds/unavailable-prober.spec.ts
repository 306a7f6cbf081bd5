import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { newMp4 } from '../e2e/scene.js';
import { Installation } from './installation.js';

const node = process.execPath;

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.open();
  await installation.start([], { RETRY_SCHEDULE: Array(30).fill('1s').join() });
});
afterEach(() => {
  process.execPath = node;
});
afterAll(() => installation?.close());

it('a good file is retried while no process can be started to read it, and succeeds afterwards', async () => {
  process.execPath = '/nonexistent/node';
  const importId = await installation.importFiles('videos', { good: newMp4() });
  await expect.poll(() => installation.states(importId)).toEqual(['pending INTERNAL']);
  process.execPath = node;
  await expect.poll(() => installation.states(importId)).toEqual(['success']);
  expect(await installation.items(importId)).toMatchObject([
    { result: { mimeType: 'video/mp4', width: 320, height: 180 } },
  ]);
});
