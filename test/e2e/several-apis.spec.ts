import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createClient, verifyReceipt } from '#libs/client';
import { parseEnvironment } from '../../src/config/parse-environment.js';
import { startApi } from '../../src/start/start-api.js';
import { createProject, createToken, TOKEN_SECRET, type TestProject } from '../support/accounts.js';
import { ApiClient } from '../support/api.js';
import { ClientCommand } from '../support/client-command.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';

const NEXT_SECRET = 'the-next-secret-for-tests-that-is-long-enough';

let database: TestDatabase;
let dataDir: string;
let project: TestProject;
let token: string;
const apps: NestFastifyApplication[] = [];
const servers: Server[] = [];

beforeAll(async () => {
  database = await createDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'reelport-several-'));
  project = await createProject(database.dataSource);
  token = await createToken(database.dataSource, project, ['public-api:admin', 'public-api:write']);
});
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await Promise.all(apps.splice(0).map((app) => app.close()));
  await database.dataSource.query('TRUNCATE receipt_keys');
});
afterAll(async () => {
  await database?.drop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Starts an API process of the installation. @returns its URL */
async function start(settings: Record<string, string> = {}): Promise<string> {
  const port = await freePort();
  const environment = parseEnvironment({
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
    REDIS_PREFIX: `test-${randomUUID()}`,
    DATA_DIR: dataDir,
    PORT: String(port),
    PUBLIC_URL: 'https://reelport.example',
    TOKEN_SECRET,
    LOG_LEVEL: 'error',
    ...settings,
  });
  apps.push(await startApi(environment, []));
  return `http://127.0.0.1:${port}`;
}

/** Load balancer that asks for each request where to send it. @returns its URL */
async function balance(next: (path: string) => Promise<string>): Promise<string> {
  const server = createServer((request, response) => {
    const { url = '/', headers } = request;
    const forward = async (): Promise<void> => {
      const { authorization = '' } = headers;
      const answer = await fetch((await next(url)) + url, { headers: { authorization } });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    };
    forward().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

/** @returns the id of an import without items that has finished */
async function finishedImport(): Promise<string> {
  const id = randomUUID().replaceAll('-', '').slice(0, 16);
  await database.dataSource.query(
    `INSERT INTO imports (id, project_id, kind, system_name, total, state, finished_at)
     VALUES ($1, $2, 'videos', 's', 0, 'failed', now())`,
    [id, project.id],
  );
  return id;
}

function receiptKey(): { RECEIPT_KEY: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { RECEIPT_KEY: JSON.stringify(privateKey.export({ format: 'jwk' })) };
}

describe('receipts of processes with a key each', () => {
  it('are verified by the keys that any of them has shown before', async () => {
    const importId = await finishedImport();
    const [one, other] = [await start(receiptKey()), await start(receiptKey())];
    const keys = await createClient({ url: one, token }).receiptKeys();
    expect(keys.keys).toHaveLength(2);
    for (const url of [one, other]) {
      const { receipt } = await createClient({ url, token }).imports.receipt(importId);
      expect(await verifyReceipt(receipt, keys)).toMatchObject({ importId });
    }
  });

  it('are verified although the key is replaced in between', async () => {
    const ids = [await finishedImport(), await finishedImport()];
    const folder = await mkdtemp(join(tmpdir(), 'reelport-proof-'));
    try {
      let current = await start(receiptKey());
      const url = await balance(async (path) => {
        if (path.endsWith(`/${ids[1]}/receipt`)) current = await start(receiptKey());
        return current;
      });
      const environment = { REELPORT_URL: url, REELPORT_TOKEN: token, XDG_CONFIG_HOME: folder };
      const proof = join(folder, 'proof');
      const command = new ClientCommand(['verify', ...ids, '--save', proof], environment);
      expect([await command.end(), command.stderr]).toEqual([
        0,
        expect.stringContaining('2 receipts are valid'),
      ]);
      const saved: { keys: unknown[] } = JSON.parse(await readFile(join(proof, 'jwks.json'), 'utf8'));
      expect(saved.keys).toHaveLength(2);
      const offline = new ClientCommand(['verify', proof], { XDG_CONFIG_HOME: folder });
      expect([await offline.end(), offline.stderr]).toEqual([
        0,
        expect.stringContaining('2 receipts are valid'),
      ]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

it('take over a new signing key one by one, if all of them know it before', async () => {
  const before = { TOKEN_SECRETS_PREVIOUS: NEXT_SECRET };
  const after = { TOKEN_SECRET: NEXT_SECRET, TOKEN_SECRETS_PREVIOUS: TOKEN_SECRET };
  const urls = [await start(before), await start(after)];
  const tokens: string[] = [];
  for (const url of urls) {
    const body = { name: 'next', scopes: ['public-api:write'] };
    const created = await new ApiClient(url, token).call<{ token: string }>('POST', '/api/v1/auth/tokens', {
      body,
    });
    tokens.push(created.body.token);
  }
  for (const url of urls) {
    for (const each of tokens) {
      expect(await new ApiClient(url, each).call('GET', '/api/v1/auth/me')).toMatchObject({ status: 200 });
    }
  }
});
