import { describe, expect, it } from 'vitest';
import { timeByGroup, type CallFrame, type CpuProfile } from './cpu-profile.js';

const frame = (functionName: string, url = ''): CallFrame => ({ functionName, url });

/** A step calls a client, which calls Node. V8 also collects garbage and idles. */
const PROFILE: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 5, 6, 7] },
    { id: 2, callFrame: frame('store', 'file:///app/step.js'), children: [3] },
    { id: 3, callFrame: frame('query', 'file:///app/client.js'), children: [4] },
    { id: 4, callFrame: frame('writev') },
    { id: 5, callFrame: frame('(garbage collector)') },
    { id: 6, callFrame: frame('(idle)') },
    { id: 7, callFrame: frame('emit', 'node:events') },
  ],
  startTime: 1_000,
  samples: [2, 3, 4, 6, 5, 7, 2],
  timeDeltas: [0, 10, 20, 40, 80, 160, 320],
};

const groupOf = ({ functionName, url }: CallFrame): string | undefined => {
  if (functionName === '(garbage collector)') return 'garbage';
  if (url.endsWith('client.js')) return 'client';
  if (url.endsWith('step.js')) return 'step';
  return undefined;
};

describe('timeByGroup', () => {
  it('attributes time of Node to its caller, and ignores idle time', () => {
    const times = timeByGroup(PROFILE, { begin: 0, end: Infinity }, groupOf);
    expect(Object.fromEntries(times)).toEqual({ step: 320, client: 30, garbage: 80, rest: 160 });
  });

  it('counts only the given span', () => {
    const times = timeByGroup(PROFILE, { begin: 1_015, end: 1_160 }, groupOf);
    expect(Object.fromEntries(times)).toEqual({ client: 20, garbage: 80 });
  });
});
