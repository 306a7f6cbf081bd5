import { ModuleRef } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { expect, it } from 'vitest';
import { MAX_ABANDONED } from '../../process/abandoned-work.js';
import { TimeLimitError } from '../../process/time-limit.js';
import { ExtensionCalls, type ExtensionCall } from './extension-calls.js';

const CALL: ExtensionCall = {
  code: 'identify() of kind "images"',
  itemId: '1',
  item: {
    kind: 'images',
    projectId: 1,
    importId: 'a',
    systemName: 'archive',
    externalId: 'one',
    title: 'One',
    sequence: 1n,
    lastCode: null,
  },
  codes: {},
  limitMs: 1,
  signal: new AbortController().signal,
};

const answer = (): Promise<string> => Promise.resolve('answer');

it('code that ignores its signal again and again is called no more until one of its calls ends', async () => {
  const module = await Test.createTestingModule({}).compile();
  const calls = new ExtensionCalls(module.get(ModuleRef));
  const ends: Array<(result: string) => void> = [];
  const hang = (): Promise<string> => new Promise((resolve) => ends.push(resolve));
  const abandoned = Array.from({ length: MAX_ABANDONED }, () => calls.run(CALL, hang));
  expect(await Promise.allSettled(abandoned)).toEqual(
    abandoned.map(() => ({ status: 'rejected', reason: expect.any(TimeLimitError) })),
  );
  await expect(calls.run(CALL, hang)).rejects.toThrow(TimeLimitError);
  expect(ends).toHaveLength(MAX_ABANDONED);
  // Other code is called.
  await expect(calls.run({ ...CALL, code: 'run() of step "scan"' }, answer)).resolves.toBe('answer');
  ends[0]?.('late');
  await expect.poll(() => calls.run(CALL, answer)).toBe('answer');
});
