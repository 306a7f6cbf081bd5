import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api.js';
import { startReelport, type Reelport } from '../support/reelport.js';

const STATUS = '/api/v1/import/videos/status?id=x';
const VIDEO = { url: 'http://127.0.0.1:1/a.mp4', id: 'a', fileName: 'a', metadata: {} };
const BATCH = { systemName: 'archive', videos: [VIDEO] };
const LIMIT = 5;
const TOO_MANY = { status: 429, error: 'Usage Limit Exceeded' };

let one: Reelport;
let two: Reelport;

beforeAll(async () => {
  const shared = { REDIS_PREFIX: `limits-${process.pid}`, RATE_LIMIT_TOKEN: String(LIMIT) };
  one = await startReelport(shared);
  two = await startReelport({ ...shared, DATABASE_URL: one.database.url, DATA_DIR: one.dataDir }, ['main']);
});

afterAll(async () => {
  await two?.remove();
  await one?.remove();
});

async function newToken(at: Reelport): Promise<string> {
  return at.createToken(await at.createProject());
}

describe('the rate limit of a token', () => {
  it('is counted across all processes', async () => {
    const token = await newToken(one);
    const statuses: number[] = [];
    for (let n = 0; n < 2 * LIMIT; n += 1) {
      const api = new ApiClient([one, two][n % 2].url, token);
      statuses.push((await api.call('GET', STATUS)).status);
    }
    expect(statuses).toEqual([...Array(LIMIT).fill(404), ...Array(LIMIT).fill(429)]);
    const { headers, body } = await new ApiClient(one.url, token).call('GET', STATUS);
    expect(body).toMatchObject(TOO_MANY);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('does not affect another token', async () => {
    expect((await new ApiClient(one.url, await newToken(one)).call('GET', STATUS)).status).toBe(404);
  });

  it('accepts no batch once it is reached', async () => {
    const api = new ApiClient(one.url, await newToken(one));
    const answers = [];
    for (let n = 0; n <= LIMIT; n += 1) {
      answers.push(await api.call('POST', '/api/v1/import/videos', { body: BATCH }));
    }
    expect(answers.map(({ status }) => status)).toEqual([...Array(LIMIT).fill(200), 429]);
  });
});
