import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { TOKEN_SECRET } from '../support/accounts.js';
import { ApiClient } from '../support/api.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { entry, newMp4 } from './scene.js';

/** The programs behind `npm start` and `npm run start:api`, and the former of a team. */
const PROGRAMS = {
  standalone: 'dist/src/standalone.js',
  main: 'dist/src/main.js',
  team: 'test/kinds/processes/reports.mjs',
};
type Program = keyof typeof PROGRAMS;

interface Running {
  /** Everything that it printed until it was ready. */
  output: string;
  /** Everything that it printed until now. */
  printed: () => string;
  url: string;
  api: ApiClient;
}

let dataDir: string;
let database: TestDatabase;
let origin: Origin;
let children: ChildProcess[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelport-first-steps-'));
  database = await createDatabase();
  origin = await startOrigin();
  origin.serve('/a.mp4', newMp4());
});

afterEach(async () => {
  for (const child of children) {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGTERM');
    await ended;
  }
  children = [];
});

afterAll(async () => {
  await origin.close();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(program: Program, variables: Record<string, string> = {}): Promise<Running> {
  const port = await freePort();
  const child = spawn(process.execPath, [PROGRAMS[program]], {
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: dataDir,
      PORT: String(port),
      MIN_FREE_BYTES: '0',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  }
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(() => (child.exitCode === null ? isReady(url) : `ended: ${output}`), { timeout: 50_000 })
    .toBe(true);
  const last = program === 'main' ? '' : 'Ctrl-C';
  await expect.poll(() => output).toContain(last);
  return { output, printed: () => output, url, api: new ApiClient(url, found(output, /Demo token\s+(\S+)/)) };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    // It does not listen yet.
    return false;
  }
}

function found(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1] ?? '';
}

const ownServices = (): Record<string, string> => ({
  DATABASE_URL: database.url,
  REDIS_URL: inject('redisUrl'),
  REDIS_PREFIX: `test-${randomUUID()}`,
  TOKEN_SECRET,
});

const signIn = (url: string, code: string): Promise<Response> =>
  fetch(`${url}/api/v1/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });

describe('npm start', () => {
  it('prints a request that imports its sample, blocks all other loopback addresses, and prints a single-use link', async () => {
    const { output, printed, url, api } = await start('standalone');

    const port = Number(await readFile(join(dataDir, 'sample-archive.port'), 'utf8'));
    expect(output).toContain(`http://127.0.0.1:${port}/archive.csv`);
    expect(output).toMatch(/^Creating a PostgreSQL database in /m);
    expect(found(output, /Data\s+(\S+)/)).toBe(dataDir);

    // Run exactly as copied from the screen.
    const command = found(output, /^( +curl [\s\S]*?\n)\n/m);
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command]);
    const { id }: { id: string } = JSON.parse(stdout);
    expect(await api.finished(id)).toMatchObject({ state: 'success', overview: { success: 1 } });

    const sample = new URL(found(output, /Sample\s+(\S+)/));
    const other = await api.importVideos('other', [
      entry('neighbour', origin.url('/a.mp4')),
      entry('by-name', `http://localhost:${sample.port}${sample.pathname}`),
      entry('other-address', `http://127.0.0.2:${sample.port}${sample.pathname}`),
      entry('itself', `${url}/health/live`),
    ]);
    const { videos } = await api.finished(other);
    expect(videos.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => 'URL_BLOCKED'));
    const hook = { systemName: 'other', videos: [entry('a', sample.href)], webhook: 'http://127.0.0.3/hook' };
    const refused = await api.call('POST', '/api/v1/import/videos', { body: hook });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).not.toContain('TRUSTED_NETWORKS');
    for (const host of ['127.0.0.1', 'localhost', '127.0.0.2', '127.0.0.3'])
      expect(printed().split(`TRUSTED_NETWORKS=${host} npm start`)).toHaveLength(2);
    // The partner is not told about settings.
    expect(JSON.stringify(videos)).not.toContain('TRUSTED_NETWORKS');

    const code = found(output, /#sign-in=(\S+)/);
    const first = await signIn(url, code);
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect({ status: first.status, body: await first.json() }).toEqual({
      status: 200,
      body: { token: found(output, /Demo token\s+(\S+)/) },
    });
    expect((await signIn(url, code)).status).toBe(401);
    expect((await signIn(url, '')).status).toBe(400);
  });

  it('offers no sample and trusts no loopback address if a database is configured', async () => {
    const { output, printed, url, api } = await start('standalone', ownServices());
    expect(output).not.toMatch(/Sample|Data |Creating/);
    expect(output).not.toContain('127.0.0.1');
    expect(await (await fetch(`${url}/docs-json`)).text()).not.toContain('127.0.0.1');
    const id = await api.importVideos('other', [entry('a', origin.url('/a.mp4'))]);
    expect(await api.finished(id)).toMatchObject({ state: 'failed', videos: [{ code: 'URL_BLOCKED' }] });
    expect(printed()).not.toContain('TRUSTED_NETWORKS');
  });
});

describe('npm start of a team', () => {
  it('prints a token with the scopes of its extensions, which can issue others', async () => {
    const { api } = await start('team', ownServices());
    const issue = (scope: string) =>
      api.call<{ scopes: string[] }>('POST', '/api/v1/auth/tokens', {
        body: { name: 'reader', scopes: [scope] },
      });
    expect(await issue('reports:read')).toMatchObject({ status: 201, body: { scopes: ['reports:read'] } });
    expect(await issue('reports:write')).toMatchObject({
      status: 400,
      body: { error_details: { scopes: expect.stringMatching(/public-api:admin, reports:read$/) } },
    });
  });
});

describe('npm run start:api', () => {
  it('offers no sign-in and no example of an installation', async () => {
    const { url, output } = await start('main', ownServices());
    expect((await signIn(url, 'x')).status).toBe(404);
    // With a trailing slash, the browser resolves the script URLs against another path.
    for (const address of [`${url}/docs`, `${url}/docs/`]) {
      const page = await (await fetch(address)).text();
      const scripts = [...page.matchAll(/<script src=["']([^"']+)/g)].map(([, src = '']) => src);
      expect(scripts.map((src) => basename(src))).toContain('carry-ids.js');
      expect(scripts.map((src) => basename(src))).not.toContain('sign-in.js');
      for (const src of scripts) {
        const { status } = await fetch(new URL(src, address));
        expect({ address, src, status }).toEqual({ address, src, status: 200 });
      }
    }
    expect((await fetch(`${url}/docs/extras/sign-in.js`)).status).toBe(404);
    expect(await (await fetch(`${url}/docs-json`)).text()).not.toContain('127.0.0.1');
    expect(output).not.toContain('Demo token');
  });
});
