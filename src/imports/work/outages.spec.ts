import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../test/support/free-port.js';
import { Outages } from './outages.js';
import { Stopping } from './stopping.js';

beforeAll(() => Logger.overrideLogger(false));

/** What PostgreSQL's client says where nobody listens. */
async function outage(): Promise<never> {
  const client = new Client({ host: '127.0.0.1', port: await freePort() });
  await client.connect();
  throw new Error('Somebody listens');
}

describe('Outages', () => {
  it('does again what met no database, until it is back', async () => {
    let tries = 0;
    const result = await new Outages(new Stopping()).outlast('Trying', async () => {
      tries += 1;
      return tries < 3 ? outage() : 'done';
    });
    expect([result, tries]).toEqual(['done', 3]);
  });

  it('leaves every other error to the caller', async () => {
    const error = new Error('Something else');
    const trying = new Outages(new Stopping()).outlast('Trying', () => Promise.reject(error));
    await expect(trying).rejects.toBe(error);
  });

  it('gives up when the process ends', async () => {
    const stopping = new Stopping();
    let tries = 0;
    const trying = new Outages(stopping).outlast('Trying', async () => {
      tries += 1;
      stopping.beforeApplicationShutdown();
      return outage();
    });
    await expect(trying).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(tries).toBe(1);
  });
});
