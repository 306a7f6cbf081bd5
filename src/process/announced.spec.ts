import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { announced } from './announced.js';

let lines: string[];
const log = (line: string): void => void lines.push(line);

beforeEach(() => {
  lines = [];
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

it('logs a slow step while it lasts, and returns its result', async () => {
  const gate = new EventEmitter();
  const result = announced(log, 'Starting …', once(gate, 'finish'));
  vi.advanceTimersByTime(999);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(lines).toEqual(['Starting …']);
  gate.emit('finish', 'started');
  expect(await result).toEqual(['started']);
});

it('logs nothing for a quick step, even if it fails', async () => {
  expect(await announced(log, 'Starting …', Promise.resolve(1))).toBe(1);
  const failure = Promise.reject(new Error('no'));
  await expect(announced(log, 'Starting …', failure)).rejects.toThrow('no');
  vi.runAllTimers();
  expect(lines).toEqual([]);
});
