import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api.js';
import { freePort } from '../support/free-port.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReelport, type Program, type Reelport } from '../support/reelport.js';
import { entry, newPartner } from './scene.js';

interface Case {
  reason: string;
  environment: () => Promise<Record<string, string>> | Record<string, string>;
  programs?: Program[];
}

const CASES: Case[] = [
  { reason: 'no_worker', environment: () => ({}), programs: ['main'] },
  { reason: 'retry', environment: () => ({ RETRY_SCHEDULE: '1h' }) },
  { reason: 'redis', environment: async () => ({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` }) },
];

let origin: Origin;

beforeAll(async () => {
  origin = await startOrigin();
  origin.serve('/*', Buffer.of(), { status: 500 });
});
afterAll(() => origin?.close());

describe.each(CASES)('if items are pending because of $reason', ({ reason, environment, programs }) => {
  let reelport: Reelport;

  beforeAll(async () => {
    reelport = await startReelport(await environment(), programs);
  });
  afterAll(() => reelport?.remove());

  it('the health check and the metrics say so', async () => {
    const { api } = await newPartner(reelport);
    await api.importVideos('waiting', [entry('a', origin.url('/a.mp4'))]);
    const waiting = async (): Promise<string[]> => {
      const { body } = await api.call<{ details: { backlog: { waiting: string[] } } }>(
        'GET',
        '/health/ready',
      );
      return body.details.backlog.waiting;
    };
    await expect.poll(waiting).toEqual([reason]);
    const token = await reelport.createToken(await reelport.createProject(), ['public-api:admin']);
    const { body } = await new ApiClient(reelport.url, token).call<string>('GET', '/metrics');
    const reasons = [...body.matchAll(/^reelport_waiting\{reason="(\w+)"\} (\d+)$/gm)];
    expect(reasons.filter(([, , count]) => count !== '0').map(([, name]) => name)).toEqual([reason]);
  });
});
