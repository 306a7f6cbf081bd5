import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startServices, type SomeServices } from '#libs/embedded';
import { redisAddress } from '../../src/queue/redis-address.js';
import { TOKEN_SECRET } from '../support/accounts.js';
import { runCli, type CliResult } from '../support/cli.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { argumentsOf, type Program } from '../support/programs.js';

const SECRET = 'mark-of-the-password';

let database: TestDatabase;
let dataDir: string;
/** A Redis that requires a password, and a client that configures it. */
let services: SomeServices;
let owner: Redis;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelport-refused-'));
  database = await createDatabase();
  services = await startServices({ dataDir: join(dataDir, 'redis'), need: { database: false, redis: true } });
  const address = redisAddress(String(services.redisUrl));
  owner = 'path' in address ? new Redis(address.path) : new Redis(address.url);
  await owner.config('SET', 'requirepass', SECRET);
});

afterAll(async () => {
  owner?.disconnect();
  await services?.stop();
  await database?.drop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Runs a program in a working environment with the given changes until it ends. */
async function run(program: Program, environment: Record<string, string>): Promise<CliResult> {
  const child = spawn(process.execPath, argumentsOf(program), {
    env: { PATH: process.env['PATH'], ...working(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += String(chunk)));
  await once(child, 'close');
  return { code: child.exitCode ?? -1, ...output };
}

function working(): Record<string, string> {
  return {
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
    DATA_DIR: dataDir,
    PORT: '0',
    TOKEN_SECRET,
    LOG_LEVEL: 'verbose',
  };
}

function databaseUrl(change: Partial<Pick<URL, 'username' | 'password' | 'pathname'>>): string {
  return Object.assign(new URL(database.url), change).href;
}

function redisUrl(account: string): string {
  return String(services.redisUrl).replace('redis://', `redis://${account}@`);
}

const refused = (stderr: string): CliResult => ({ code: 1, stdout: '', stderr: `${stderr}\n` });

const WRONG_DATABASE_ACCOUNT = refused(
  'DATABASE_URL: PostgreSQL refuses the user name or the password in it; put the right ones there',
);
const WRONG_REDIS_ACCOUNT = refused(
  'REDIS_URL: Redis rejects the user name or password; correct them, as in redis://user:password@host:6379',
);

describe.each<Program>(['main', 'worker', 'standalone'])('%s refuses to start with one line', (program) => {
  it('if the password of the database is wrong', async () => {
    const DATABASE_URL = databaseUrl({ password: `${SECRET}-wrong` });
    expect(await run(program, { DATABASE_URL })).toEqual(WRONG_DATABASE_ACCOUNT);
  });

  it('if the password of Redis is wrong', async () => {
    const REDIS_URL = redisUrl(`:${SECRET}-wrong`);
    expect(await run(program, { REDIS_URL })).toEqual(WRONG_REDIS_ACCOUNT);
  });
});

describe('A worker that is denied access says what to change', () => {
  it('if the database user does not exist', async () => {
    const DATABASE_URL = databaseUrl({ username: 'nobody_here', password: SECRET });
    expect(await run('worker', { DATABASE_URL })).toEqual(WRONG_DATABASE_ACCOUNT);
  });

  it('if the database does not exist', async () => {
    const DATABASE_URL = databaseUrl({ pathname: '/there_is_none' });
    expect(await run('worker', { DATABASE_URL })).toEqual(
      refused('DATABASE_URL: there is no such database; name another one there, or create it'),
    );
  });

  it('if the Redis user does not exist', async () => {
    expect(await run('worker', { REDIS_URL: redisUrl(`nobody:${SECRET}`) })).toEqual(WRONG_REDIS_ACCOUNT);
  });

  it('if Redis requires a password and none is given', async () => {
    expect(await run('worker', { REDIS_URL: String(services.redisUrl) })).toEqual(
      refused('REDIS_URL: Redis requires a password; add it, as in redis://:password@host:6379'),
    );
  });

  it('if the password of the database is missing', async () => {
    const DATABASE_URL = databaseUrl({ password: '' });
    expect(await run('worker', { DATABASE_URL })).toEqual(
      refused(
        'DATABASE_URL: PostgreSQL wants a password; put it there, as postgresql://user:password@host:5432/database',
      ),
    );
  });

  it('if the Redis user may not run any command', async () => {
    await owner.call('ACL', 'SETUSER', 'idle', 'on', `>${SECRET}`, '-@all');
    expect(await run('worker', { REDIS_URL: redisUrl(`idle:${SECRET}`) })).toEqual(
      refused(
        'REDIS_URL: the Redis user lacks permission for required commands; use another user or extend its ACL',
      ),
    );
  });
});

function list(environment: Record<string, string>): Promise<CliResult> {
  return runCli(['token', 'list'], { ...working(), ...environment });
}

describe('A command', () => {
  it('fails with one line if the password of the database is wrong', async () => {
    const DATABASE_URL = databaseUrl({ password: `${SECRET}-wrong` });
    expect(await list({ DATABASE_URL })).toEqual(WRONG_DATABASE_ACCOUNT);
  });

  it('does not need Redis', async () => {
    expect(await list({ REDIS_URL: redisUrl(`:${SECRET}-wrong`) })).toMatchObject({ code: 0, stderr: '' });
  });
});
