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
});
