import { describe, expect, it } from 'vitest';
import { OutageLog } from './outage-log.js';

describe('OutageLog', () => {
  it('tells of the beginning and the end of each outage, once', () => {
    const lines: string[] = [];
    const keep = (line: string): void => {
      lines.push(line);
    };
    const outage = new OutageLog({ error: keep, log: keep }, 'The work');
    outage.works();
    outage.failed(new Error('refused'));
    outage.failed(new Error('still refused'));
    outage.works();
    outage.works();
    outage.failed(new Error('again'));
    expect(lines).toEqual([
      'The work cannot go on for now: Error: refused',
      'The work goes on',
      'The work cannot go on for now: Error: again',
    ]);
  });
});
