import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../test/support/free-port.js';
import { Outages } from './outages.js';
import { parseEnvironment } from '../../config/load-environment.js';
import { Lifecycle } from '../../process/lifecycle.js';

beforeAll(() => Logger.overrideLogger(false));

const newLifecycle = (): Lifecycle => new Lifecycle(parseEnvironment({ SHUTDOWN_GRACE_MS: '0' }));

/** What PostgreSQL's client says where nobody listens. */
async function outage(): Promise<never> {
  const client = new Client({ host: '127.0.0.1', port: await freePort() });
  await client.connect();
  throw new Error('Somebody listens');
}

/** The lines that are logged from now on, each with its level. */
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
  it('does again what met no database, until it is back', async () => {
    let tries = 0;
    const result = await new Outages(newLifecycle()).outlast('Trying', async () => {
      tries += 1;
      return tries < 3 ? outage() : 'done';
    });
    expect([result, tries]).toEqual(['done', 3]);
  });

  it('leaves every other error to the caller', async () => {
    const error = new Error('Something else');
    const trying = new Outages(newLifecycle()).outlast('Trying', () => Promise.reject(error));
    await expect(trying).rejects.toBe(error);
  });

  it('gives up when the process ends', async () => {
    const lifecycle = newLifecycle();
    let tries = 0;
    const trying = new Outages(lifecycle).outlast('Trying', async () => {
      tries += 1;
      await lifecycle.onModuleDestroy();
      return outage();
    });
    await expect(trying).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(tries).toBe(1);
  });

  it('runs again at once what lost against another statement, and tells nobody', async () => {
    const lines = capture();
    let tries = 0;
    const result = await new Outages(newLifecycle()).outlast('Trying', async () => {
      tries += 1;
      if (tries < 3) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      return 'done';
    });
    expect([result, tries, lines]).toEqual(['done', 3, []]);
  });

  it('tells of an outage once, however much waits for its end, and of its end once', async () => {
    const lines = capture();
    const outages = new Outages(newLifecycle());
    let isBack = false;
    let tries = 0;
    const waiting = Array.from({ length: 20 }, () =>
      outages.outlast('Trying', async () => {
        tries += 1;
        if (!isBack) await outage();
      }),
    );
    await expect.poll(() => tries).toBeGreaterThan(40);
    isBack = true;
    await Promise.all(waiting);
    expect(lines).toEqual([
      expect.stringMatching(/^warn Database is unavailable.*ECONNREFUSED/),
      expect.stringMatching(/^log Work no longer waits for the database after=\d+s$/),
    ]);
  });
});
