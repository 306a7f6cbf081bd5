import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../test/support/free-port.js';
import { Outages } from './outages.js';
import { parseEnvironment } from '../../config/parse-environment.js';
import { Lifecycle } from '../../process/lifecycle.js';

beforeAll(() => Logger.overrideLogger(false));

const newLifecycle = (): Lifecycle => new Lifecycle(parseEnvironment({ SHUTDOWN_GRACE_MS: '0' }));

/** Rejects with the error of PostgreSQL's client for a closed port. */
async function outage(): Promise<never> {
  const client = new Client({ host: '127.0.0.1', port: await freePort() });
  await client.connect();
  throw new Error('The port is open');
}

/** Captures log lines with their level. */
function capture(): string[] {
  const lines: string[] = [];
  const at =
    (level: string) =>
    (line: unknown): void =>
      void lines.push(`${level} ${String(line)}`);
  Logger.overrideLogger({ log: at('log'), warn: at('warn'), error: at('error') });
  return lines;
}

describe('Outages', () => {
  it('repeats an action during an outage until the database is back', async () => {
    let attempts = 0;
    const result = await new Outages(newLifecycle()).outlast('Trying', async () => {
      attempts += 1;
      return attempts < 3 ? outage() : 'done';
    });
    expect([result, attempts]).toEqual(['done', 3]);
  });

  it('throws every other error', async () => {
    const error = new Error('Something else');
    const trying = new Outages(newLifecycle()).outlast('Trying', () => Promise.reject(error));
    await expect(trying).rejects.toBe(error);
  });

  it('gives up at shutdown', async () => {
    const lifecycle = newLifecycle();
    let attempts = 0;
    const trying = new Outages(lifecycle).outlast('Trying', async () => {
      attempts += 1;
      await lifecycle.onModuleDestroy();
      return outage();
    });
    await expect(trying).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(attempts).toBe(1);
  });

  it('repeats a statement that lost a deadlock at once, without logging', async () => {
    const lines = capture();
    let attempts = 0;
    const result = await new Outages(newLifecycle()).outlast('Trying', async () => {
      attempts += 1;
      if (attempts < 3) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      return 'done';
    });
    expect([result, attempts, lines]).toEqual(['done', 3, []]);
  });

  it('logs the start and the end of an outage once, however many actions wait', async () => {
    const lines = capture();
    const outages = new Outages(newLifecycle());
    let isBack = false;
    let attempts = 0;
    const waiting = Array.from({ length: 20 }, () =>
      outages.outlast('Trying', async () => {
        attempts += 1;
        if (!isBack) await outage();
      }),
    );
    await expect.poll(() => attempts).toBeGreaterThan(40);
    isBack = true;
    await Promise.all(waiting);
    expect(lines).toEqual([
      expect.stringMatching(/^warn Database is unavailable.*ECONNREFUSED/),
      expect.stringMatching(/^log Database is available again after=\d+s$/),
    ]);
  });
});
