import 'reflect-metadata';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startServices } from '#libs/embedded';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { freePort } from '../../test/support/free-port.js';
import { Project } from '../projects/project.entity.js';
import { ProjectsRepository } from '../projects/projects.repository.js';
import { ProjectsService } from '../projects/projects.service.js';

interface Ending {
  code: number | null;
  stdout: string;
  stderr: string;
}

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+\n$/;
const WRITE = ['--scope', 'public-api:write'];

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createDatabase();
  folder = await mkdtemp(join(tmpdir(), 'reelport-cli-'));
});
beforeEach(() => database.dataSource.query('DELETE FROM projects'));
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

/** Runs the built command line in its own process. */
function start(args: string[], environment: Record<string, string | undefined>): ChildProcess {
  return spawn(process.execPath, ['dist/src/reelport.js', ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function endOf(child: ChildProcess): Promise<Ending> {
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (chunk: Buffer) => (stdout += String(chunk)));
  child.stderr!.on('data', (chunk: Buffer) => (stderr += String(chunk)));
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

/** On the database of this file. */
function reelport(...args: string[]): Promise<Ending> {
  return endOf(start(args, { DATABASE_URL: database.url, DATA_DIR: folder }));
}

async function created(project = 'demo', name = 'test'): Promise<{ token: string; id: string }> {
  const { code, stdout, stderr } = await reelport(
    'token',
    'create',
    '--project',
    project,
    '--name',
    name,
    ...WRITE,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { jti } = claimsOf(stdout);
  return { token: stdout.trim(), id: jti };
}

interface Claims {
  jti: string;
  scope: string;
  iat: number;
  exp: number;
}

function claimsOf(token: string): Claims {
  const claims: Claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
  return claims;
}

describe('token', () => {
  it('create prints only the token and creates a new project', async () => {
    const { code, stdout, stderr } = await reelport(
      'token',
      'create',
      '--project',
      'demo',
      '--name',
      'archive',
      ...WRITE,
      '--scope',
      'public-api:read',
      '--expires',
      '12h',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(JWT);
    const { scope, iat, exp } = claimsOf(stdout);
    expect(scope).toBe('public-api:write public-api:read');
    expect(exp - iat).toBe(43_200);
    expect((await reelport('project', 'list')).stdout).toMatch(/\tdemo\tnone\t/);
  });

  it('list shows the tokens of all projects or of one', async () => {
    const first = await created('one');
    const second = await created('two');
    const all = (await reelport('token', 'list')).stdout.trimEnd().split('\n');
    expect(all.slice(1).map((line) => line.split('\t').slice(0, 2))).toEqual([
      [second.id, 'two'],
      [first.id, 'one'],
    ]);
    const { stdout } = await reelport('token', 'list', '--project', 'one');
    expect(stdout).toContain(first.id);
    expect(stdout).not.toContain(second.id);
  });

  it('revoke ends a token and respects a named project', async () => {
    const { id } = await created();
    await created('other');
    expect(await reelport('token', 'revoke', id, '--project', 'other')).toMatchObject({
      code: 1,
      stderr: 'No access token has this id\n',
    });
    expect(await reelport('token', 'revoke', id, '--project', 'demo')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect((await reelport('token', 'list', '--project', 'demo')).stdout).toMatch(/\trevoked\t/);
  });

  it('rotate prints only the new token and refuses a second rotation', async () => {
    const { id } = await created();
    const rotated = await reelport('token', 'rotate', id, '--overlap', '1h');
    expect(rotated).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(JWT) });
    expect((await reelport('token', 'list')).stdout).toMatch(/\treplaced\t/);
    expect(await reelport('token', 'rotate', id)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'The access token was already revoked or replaced\n',
    });
  });

  it.each([
    [['token', 'revoke', '7d9f3a52-3c6e-4f0e-9a59-6cf1f0d1c0aa'], 'No access token has this id\n'],
    [['token', 'rotate', 'nonsense'], 'No access token has this id\n'],
    [['token', 'list', '--project', 'nobody'], 'Unknown project "nobody"\n'],
  ])('%j reports an unknown token or project in one line', async (args, stderr) => {
    expect(await reelport(...args)).toMatchObject({ code: 1, stdout: '', stderr });
  });
});

function schemaOf(...args: string[]): Promise<Ending> {
  return reelport('project', 'schema', '--project', 'demo', ...args);
}

function secretOf(...args: string[]): Promise<Ending> {
  return reelport('project', 'webhook-secret', '--project', 'demo', ...args);
}

describe('project', () => {
  beforeEach(async () => {
    const repository = new ProjectsRepository(database.dataSource.getRepository(Project));
    await new ProjectsService(repository).ensure('demo');
  });

  it('schema sets, prints and removes a schema', async () => {
    const file = join(folder, 'schema.json');
    await writeFile(file, '{"type":"object","required":["title"]}');
    expect(await schemaOf('--file', file)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(JSON.parse((await schemaOf()).stdout)).toEqual({ type: 'object', required: ['title'] });
    expect((await schemaOf('--clear')).code).toBe(0);
    expect(await schemaOf()).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'Project "demo" has no metadata schema for videos\n',
    });
  });

  it.each([
    ['{"type":"objekt"}', /^Not a JSON Schema 2020-12: .+\n$/],
    ['[]', /must contain a JSON object\n$/],
    ['{,}', /is not valid JSON: .+\n$/],
  ])('schema refuses %j in one line', async (text, stderr) => {
    const file = join(folder, 'bad.json');
    await writeFile(file, text);
    expect(await schemaOf('--file', file)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(stderr),
    });
  });

  it('schema refuses an unknown kind with a suggestion', async () => {
    expect(await schemaOf('--kind', 'video')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is no kind of media "video"; did you mean videos?\n',
    });
    expect((await schemaOf('--kind', 'images', '--clear')).stderr).toBe(
      'There is no kind of media "images"; there are videos\n',
    );
  });

  it('list shows which kinds have a schema', async () => {
    const [, without] = (await reelport('project', 'list')).stdout.split('\n');
    expect(without).toMatch(/\tdemo\tnone\t/);
    const repository = new ProjectsRepository(database.dataSource.getRepository(Project));
    for (const kind of ['videos', 'images'])
      await new ProjectsService(repository).setMetadataSchema('demo', kind, { type: 'object' });
    const [, row] = (await reelport('project', 'list')).stdout.split('\n');
    expect(row).toMatch(/\tdemo\timages, videos\t/);
  });

  it('schema names a missing file', async () => {
    const { code, stderr } = await schemaOf('--file', join(folder, 'missing.json'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cannot read the schema file: .*missing\.json.*\n$/);
  });

  it('webhook-secret prints only the secret, and a new one after a rotation', async () => {
    const first = await secretOf();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^whsec_[\w+/]{43}=\n$/);
    const rotated = await secretOf('--rotate');
    expect(rotated.stdout).toMatch(/^whsec_/);
    expect(rotated.stdout).not.toBe(first.stdout);
    expect((await secretOf()).stdout).toBe(rotated.stdout);
  });
});

describe('the command line', () => {
  it.each([
    [[]],
    [['token']],
    [['nonsense']],
    [['token', 'create']],
    [['token', 'create', '--project', 'demo', '--name', 'x', '--scope', 'public-api:all']],
    [['token', 'create', '--project', 'demo', '--name', ' ', ...WRITE]],
    [['token', 'create', '--project', 'demo', '--name', 'x', ...WRITE, '--expires', 'never']],
    [['token', 'revoke']],
    [['project', 'schema', '--project', 'demo', '--clear', '--file', 'x']],
  ])('answers %j with help and exit code 2', async (args) => {
    const { code, stdout, stderr } = await reelport(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: ');
  });

  it('exits with 0 for help', async () => {
    const { code, stdout } = await reelport('token', 'create', '--help');
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('lifetime, such as 12h (default: 90d)');
  });

  it('distinguishes an invalid environment, a missing database and an unavailable server', async () => {
    const faulty = await endOf(start(['token', 'list'], { DATABASE_URL: 'mysql://x' }));
    expect(faulty).toMatchObject({ code: 1, stderr: expect.stringContaining('DATABASE_URL') });
    const url = new URL(database.url);
    url.pathname = '/there_is_no_such_database';
    const missing = await endOf(start(['token', 'list'], { DATABASE_URL: url.href, DATA_DIR: folder }));
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/^DATABASE_URL: there is no such database; .+\n$/);
    url.port = String(await freePort());
    const unavailable = await endOf(start(['token', 'list'], { DATABASE_URL: url.href, DATA_DIR: folder }));
    expect(unavailable.code).toBe(1);
    expect(unavailable.stderr).toMatch(/^The database of DATABASE_URL is unavailable: .+\n$/);
  });
});

describe('the command line without DATABASE_URL', () => {
  const args = ['token', 'create', '--project', 'demo', '--name', 'x', ...WRITE];

  it('works on the same data with and without a running server', async () => {
    const DATA_DIR = join(folder, 'shared');
    const alone = await endOf(start(args, { DATA_DIR }));
    expect(alone).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(JWT),
      stderr:
        `Creating a PostgreSQL database in ${join(DATA_DIR, 'embedded')}, once …\n` +
        `Created a new installation in ${DATA_DIR}; a server needs the same DATA_DIR\n`,
    });
    const services = await startServices({ dataDir: DATA_DIR, need: { redis: false } });
    try {
      expect(await endOf(start(args, { DATA_DIR }))).toMatchObject({ code: 0, stderr: '' });
      const { stdout } = await endOf(start(['token', 'list'], { DATA_DIR }));
      expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    } finally {
      await services.stop();
    }
  });

  it('cleans up when interrupted', async () => {
    const DATA_DIR = join(folder, 'interrupted');
    const child = start(args, { DATA_DIR });
    const ended = endOf(child);
    const postgres = await pidOfPostgres(DATA_DIR, child);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stdout: '' });
    expect(() => process.kill(postgres, 0)).toThrow('ESRCH');
  });
});

/** Waits until the command has started its database. */
async function pidOfPostgres(dataDir: string, child: ChildProcess): Promise<number> {
  const file = join(dataDir, 'embedded', 'running.json');
  while (child.exitCode === null) {
    const text = existsSync(file) ? await readFile(file, 'utf8') : '{}';
    const running: { database?: { process: { pid: number } } } = JSON.parse(text);
    if (running.database !== undefined) return running.database.process.pid;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('The command ended before it was interrupted');
}
