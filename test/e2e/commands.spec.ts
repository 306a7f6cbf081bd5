import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { migrations } from '../../src/database/migrations/index.js';
import { TOKEN_SECRET } from '../support/accounts.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

let folder: string;
let database: TestDatabase;

const url = (path: string): string => JSON.stringify(pathToFileURL(path).href);
/** The entry of a team, in JavaScript. */
const MAIN = `
import { createReelport, defineExtension, defineScopes } from ${url('dist/src/index.js')};
class Diary1795900000000 {
  up(runner) { return runner.query('CREATE TABLE diary_lines (id integer)'); }
  down(runner) { return runner.query('DROP TABLE diary_lines'); }
}
const scopes = defineScopes({ 'diary:read': 'Read the diary' });
const diary = defineExtension({ name: 'diary', scopes, migrations: [Diary1795900000000] });
await createReelport({ extensions: process.env.FAULTY ? [{ ...diary, kind: [] }, undefined] : [diary] }).run();
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelport-commands-'));
  await writeFile(join(folder, 'main.mjs'), MAIN);
  database = await createDatabase();
});
afterAll(async () => {
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function run(
  args: readonly string[],
  environment: Record<string, string> = {},
  main = join(folder, 'main.mjs'),
) {
  const child = spawn(process.execPath, [main, ...args], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database.url,
      REDIS_URL: 'redis://127.0.0.1:1',
      DATA_DIR: join(folder, 'data'),
      TOKEN_SECRET,
      // Without it, Node.js 20 warns.
      UV_THREADPOOL_SIZE: '16',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += String(chunk)));
  await once(child, 'close');
  return { code: child.exitCode, ...output };
}

it('migrates, checks and reverts', async () => {
  const pending = 'diary: Diary1795900000000\n';
  expect(await run(['migrate', '--check'])).toEqual({
    code: 1,
    stdout: `pending  ${pending}`,
    stderr: 'The schema of the database is not up to date\n',
  });
  expect(await run(['migrate'])).toEqual({ code: 0, stdout: pending, stderr: '' });
  expect(await run(['migrate', '--check'])).toEqual({ code: 0, stdout: '', stderr: '' });
  await database.dataSource.query('ALTER TABLE projects ADD COLUMN forgotten text');
  expect(await run(['migrate', '--check'])).toEqual({
    code: 1,
    stdout: 'drift    reelport: ALTER TABLE "projects" DROP COLUMN "forgotten"\n',
    stderr: 'The schema of the database is not up to date\n',
  });
  await database.dataSource.query('ALTER TABLE projects DROP COLUMN forgotten');
  expect(await run(['migrate', '--revert', 'dairy'])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'There is no extension "dairy"; did you mean diary?\n',
  });
  expect(await run(['migrate', '--revert', 'diary'])).toEqual({
    code: 0,
    stdout: 'diary: 1 migrations reverted\n',
    stderr: '',
  });
});

it('does not start with pending migrations if it may not apply them', async () => {
  const { code, stderr } = await run(['start:api'], { RUN_MIGRATIONS: 'false' });
  expect(stderr).toMatch(/The database has pending migrations; .*\n {2}diary: Diary1795900000000\n$/);
  expect(code).toBe(1);
});

it('does not start on an empty database if it may not migrate it, and says what to do', async () => {
  const empty = await createDatabase();
  try {
    await empty.dataSource.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    const settings = { RUN_MIGRATIONS: 'false', DATABASE_URL: empty.url };
    const { code, stderr } = await run(['start:api'], settings);
    const names = [...migrations.map(({ name }) => `reelport: ${name}`), 'diary: Diary1795900000000'];
    const advice = 'apply them with the command migrate, or set RUN_MIGRATIONS=true';
    const message = [`The database has pending migrations; ${advice}:`, ...names].join('\n  ');
    expect(stderr.slice(-message.length - 1)).toBe(`${message}\n`);
    expect(code).toBe(1);
  } finally {
    await empty.drop();
  }
});

it('issues tokens with the scopes of extensions', async () => {
  const create = ['token', 'create', '--project', 'p', '--name', 'n', '--scope'];
  expect(await run([...create, 'diary:read'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\S+\n$/),
  });
  expect(await run([...create, 'diary:write'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('diary:read'),
  });
});

it('prints the OpenAPI document without a database', async () => {
  const { code, stdout } = await run(['openapi'], { DATABASE_URL: 'postgresql://127.0.0.1:1/none' });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ openapi: '3.1.0' });
  expect(stdout).toContain('diary:read');
});

it('suggests the right command for a wrong one', async () => {
  expect(await run(['strat:api'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean start:api?'),
  });
});

it('prints every fault of the extensions and nothing else', async () => {
  for (const args of [[], ['start:api'], ['token', 'list']]) {
    expect(await run(args, { FAULTY: '1' })).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Invalid extensions:\n' +
        '  extensions[1] is undefined; do two modules import each other?\n' +
        '  diary: there is no part "kind"; did you mean kinds?\n',
    });
  }
});

it('ends the start when an extension adds a hook to Fastify', async () => {
  const main = 'test/kinds/processes/fastify-hook.mjs';
  for (const [role, settings] of [
    ['start:api', {}],
    ['start:worker', { WORKER_PORT: '0' }],
  ] as const)
    expect(
      await run([role], { LOG_LEVEL: 'error', REDIS_URL: inject('redisUrl'), ...settings }, main),
    ).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Invalid extensions:\n' +
        '  house: addHook() of Fastify would act on every route; ' +
        'use controllers, with their own guards, interceptors, pipes and filters\n',
    });
});
