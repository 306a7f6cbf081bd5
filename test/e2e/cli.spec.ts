import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startReelport, type Reelport } from '../support/reelport.js';
import { runCli, type CliResult } from '../support/cli.js';

const SCOPES = ['--scope', 'public-api:write', '--scope', 'public-api:admin'];
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+\n$/;

/** The status of a request with this token. */
async function statusWith(url: string, token: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/auth/tokens`, {
    headers: { authorization: `Bearer ${token.trim()}` },
  });
  return response.status;
}

/** The rows of a list, without its head. */
function rowsOf({ stdout }: CliResult): string[][] {
  const [, ...rows] = stdout.trimEnd().split('\n');
  return rows.map((row) => row.split('\t'));
}

describe('on DATABASE_URL, while the server runs', () => {
  let reelport: Reelport;
  let environment: Record<string, string>;
  const cli = (...args: string[]): Promise<CliResult> => runCli(args, environment);

  beforeAll(async () => {
    const TOKEN_SECRET = 'the-secret-of-server-and-commands-alike';
    reelport = await startReelport({ TOKEN_SECRET });
    environment = { DATABASE_URL: reelport.database.url, DATA_DIR: reelport.dataDir, TOKEN_SECRET };
  });
  afterAll(() => reelport?.remove());

  it('token create prints a token that works, alone', async () => {
    const created = await cli('token', 'create', '--project', 'news', '--name', 'archive', ...SCOPES);
    expect(created).toMatchObject({ code: 0, stderr: '' });
    expect(created.stdout).toMatch(TOKEN);
    expect(await statusWith(reelport.url, created.stdout)).toBe(200);
  });

  it('token list shows what there is, and no token', async () => {
    const created = await cli('token', 'create', '--project', 'lists', '--name', 'a b', ...SCOPES);
    const listed = await cli('token', 'list', '--project', 'lists');
    expect(rowsOf(listed)).toEqual([
      [
        expect.stringMatching(/^[0-9a-f-]{36}$/),
        'a b',
        'public-api:write,public-api:admin',
        'valid',
        expect.stringMatching(/^\d{4}-.*Z$/),
        'never',
      ],
    ]);
    expect(listed.stdout).not.toContain(created.stdout.trim());
  });

  it('token revoke ends a token', async () => {
    const { stdout: token } = await cli('token', 'create', '--project', 'revokes', '--name', 'a', ...SCOPES);
    const [[id = '']] = rowsOf(await cli('token', 'list', '--project', 'revokes')) as [string[]];
    expect(await cli('token', 'revoke', id, '--project', 'revokes')).toMatchObject({ code: 0 });
    expect(await statusWith(reelport.url, token)).toBe(401);
    const [row] = rowsOf(await cli('token', 'list', '--project', 'revokes'));
    expect(row?.[3]).toBe('revoked');
  });

  it('token rotate prints another token that works, alone', async () => {
    const { stdout: old } = await cli('token', 'create', '--project', 'rotates', '--name', 'a', ...SCOPES);
    const [[id = '']] = rowsOf(await cli('token', 'list', '--project', 'rotates')) as [string[]];
    const rotated = await cli('token', 'rotate', id, '--project', 'rotates');
    expect(rotated).toMatchObject({ code: 0, stdout: expect.stringMatching(TOKEN) });
    expect(rotated.stdout).not.toBe(old);
    expect(await statusWith(reelport.url, rotated.stdout)).toBe(200);
    expect(rowsOf(await cli('token', 'list', '--project', 'rotates'))).toHaveLength(2);
  });

  it('project list shows all projects', async () => {
    await cli('token', 'create', '--project', 'listed', '--name', 'a', ...SCOPES);
    const rows = rowsOf(await cli('project', 'list'));
    expect(rows.map(([, name, schema]) => [name, schema])).toContainEqual(['listed', 'none']);
  });

  it('project schema sets, prints and removes', async () => {
    await cli('token', 'create', '--project', 'schemas', '--name', 'a', ...SCOPES);
    const file = join(reelport.dataDir, 'schema.json');
    const schema = { type: 'object', required: ['credit'] };
    await writeFile(file, JSON.stringify(schema));
    const target = ['--project', 'schemas'];
    expect(await cli('project', 'schema', ...target, '--file', file)).toMatchObject({ code: 0, stdout: '' });
    const printed = await cli('project', 'schema', ...target);
    expect(JSON.parse(printed.stdout)).toEqual(schema);
    expect(await cli('project', 'schema', ...target, '--clear')).toMatchObject({ code: 0 });
    expect(await cli('project', 'schema', ...target)).toMatchObject({ code: 0, stdout: '' });
  });

  it.each([
    ['{"type":"objekt"}', /^This is not a JSON Schema 2020-12: .+\n$/],
    ['[]', /must hold a JSON object\n$/],
    ['{', /is not JSON: .+\n$/],
  ])('project schema refuses %s', async (text, message) => {
    const file = join(reelport.dataDir, 'bad-schema.json');
    await writeFile(file, text);
    await cli('token', 'create', '--project', 'schemas', '--name', 'a', ...SCOPES);
    const refused = await cli('project', 'schema', '--project', 'schemas', '--file', file);
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(message) });
    expect(refused.stderr.split('\n')).toHaveLength(2);
  });

  it('project webhook-secret prints the secret alone, and --rotate another one', async () => {
    await cli('token', 'create', '--project', 'secrets', '--name', 'a', ...SCOPES);
    const secret = await cli('project', 'webhook-secret', '--project', 'secrets');
    expect(secret).toMatchObject({ code: 0, stderr: '' });
    expect(secret.stdout).toMatch(/^whsec_[A-Za-z0-9+/]{43}=\n$/);
    const rotated = await cli('project', 'webhook-secret', '--project', 'secrets', '--rotate');
    expect(rotated.stdout).toMatch(/^whsec_/);
    expect(rotated.stdout).not.toBe(secret.stdout);
    expect((await cli('project', 'webhook-secret', '--project', 'secrets')).stdout).toBe(rotated.stdout);
  });

  it.each([
    ['token', 'list'],
    ['token', 'revoke', 'some-id'],
    ['project', 'schema'],
    ['project', 'webhook-secret'],
    ['project', 'webhook-secret', '--rotate'],
  ])('%s %s says in one line that there is no such project', async (...args) => {
    expect(await cli(...args, '--project', 'nobody')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is no project "nobody"\n',
    });
  });

  it('says in one line that there is no such token', async () => {
    await cli('token', 'create', '--project', 'strangers', '--name', 'a', ...SCOPES);
    const answer = await cli('token', 'revoke', 'some-id', '--project', 'strangers');
    expect(answer).toEqual({ code: 1, stdout: '', stderr: 'No access token has this id\n' });
  });

  it('says in one line that the database cannot be reached', async () => {
    const answer = await runCli(['project', 'list'], {
      ...environment,
      DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/c',
    });
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr).toMatch(/^.*ECONNREFUSED.*\n$/);
  });
});

describe('misuse', () => {
  const create = ['token', 'create', '--project', 'news', '--name', 'a'];
  it.each([
    [['token'], 'Usage: reelport token'],
    [['tokken'], "unknown command 'tokken'"],
    [['token', 'make'], "unknown command 'make'"],
    [create, "required option '--scope <scope>' not specified"],
    [[...create, '--scope', 'all'], 'A scope is one of public-api:read'],
    [[...create, ...SCOPES, '--expires', 'soon'], 'A duration is a number with s, m, h or d'],
    [[...create, ...SCOPES, '--expires', '0d'], 'A duration is a number with s, m, h or d'],
    [['token', 'revoke', '--project', 'news'], "missing required argument 'id'"],
    [['project', 'list', '--all'], "unknown option '--all'"],
  ])('%j is answered on stderr, with 2', async (args, message) => {
    // Nothing is started for it: there is no database of this address.
    const answer = await runCli(args, { DATABASE_URL: 'postgresql://127.0.0.1:1/none' });
    expect(answer).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });

  it('--help is help, with 0', async () => {
    const answer = await runCli(['token', '--help'], {});
    expect(answer).toMatchObject({ code: 0, stdout: expect.stringContaining('create'), stderr: '' });
  });
});

describe('on a data folder alone', () => {
  let parent: string;
  let environment: Record<string, string>;
  let reelport: Reelport | undefined;

  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'reelport-cli-'));
    await rm(parent, { recursive: true });
    // Where tests are run by root, PostgreSQL runs as somebody else, who has to get through to its data.
    await mkdir(parent, { mode: 0o711 });
    // An empty text is a variable that is not given.
    environment = { DATABASE_URL: '', REDIS_URL: '', TOKEN_SECRET: '', DATA_DIR: parent };
  });
  afterAll(async () => {
    await reelport?.remove();
    await rm(parent, { recursive: true, force: true });
  });

  it('works before the server was ever started, while it runs, and after it', async () => {
    const cli = (...args: string[]): Promise<CliResult> => runCli(args, environment);
    const before = await cli('token', 'create', '--project', 'news', '--name', 'before', ...SCOPES);
    expect(before).toMatchObject({ code: 0, stdout: expect.stringMatching(TOKEN) });

    reelport = await startReelport(environment);
    expect(await statusWith(reelport.url, before.stdout)).toBe(200);
    const during = await cli('token', 'create', '--project', 'news', '--name', 'during', ...SCOPES);
    expect(await statusWith(reelport.url, during.stdout)).toBe(200);

    expect(await reelport.stop()).toBe(0);
    const rows = rowsOf(await cli('token', 'list', '--project', 'news'));
    expect(rows.map(([, name]) => name).sort()).toEqual(['before', 'during']);
  });
});
