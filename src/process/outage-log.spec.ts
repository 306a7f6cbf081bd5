import { describe, expect, it } from 'vitest';
import { OutageLog } from './outage-log.js';

function outageLog(): { log: OutageLog; lines: string[] } {
  const lines: string[] = [];
  const at =
    (level: string) =>
    (line: string): void =>
      void lines.push(`${level} ${line}`);
  return { log: new OutageLog({ error: at('error'), warn: at('warn'), log: at('log') }), lines };
}

const refused = (): Error => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const reset = (): Error => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

describe('OutageLog', () => {
  it('logs the start and the end of an outage once, at warn and log', () => {
    const { log, lines } = outageLog();
    log.works('Round');
    log.failed('Round', refused());
    log.failed('Round', reset());
    log.works('Round');
    log.works('Round');
    log.failed('Round', refused());
    expect(lines).toEqual([
      'warn Round failed, retrying: Error: connect ECONNREFUSED',
      'log Round works again',
      'warn Round failed, retrying: Error: connect ECONNREFUSED',
    ]);
  });

  it('logs a bug at error, and again only if the error changes', () => {
    const { log, lines } = outageLog();
    log.failed('Round', new TypeError('x is undefined'));
    log.failed('Round', new TypeError('x is undefined'));
    log.failed('Round', new TypeError('y is undefined'));
    expect(lines).toEqual(['error Round failed, retrying', 'error Round failed, retrying']);
  });

  it('tracks operations separately', () => {
    const { log, lines } = outageLog();
    log.failed('One', refused());
    log.failed('Other', refused());
    log.works('One');
    expect(lines).toHaveLength(3);
  });
});
