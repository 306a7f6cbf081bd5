import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api.js';
import { runCli, type CliResult } from '../support/cli.js';
import { startOrigin } from '../support/origin.js';
import { startReceiver } from '../support/receiver.js';
import { startReelport, type Reelport } from '../support/reelport.js';

const SCOPES = ['--scope', 'public-api:write', '--scope', 'public-api:admin'];
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+\n$/;

/** Status of the server's answer to a request with this token. */
async function statusWith(url: string, token: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/auth/tokens`, {
    headers: { authorization: `Bearer ${token.trim()}` },
  });
  return response.status;
}

/** Values of the named columns of a printed table. */
function columns({ stdout }: CliResult, ...names: string[]): string[][] {
  const [head = [], ...rows] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  return rows.map((row) => names.map((name) => row[head.indexOf(name)]));
}

describe('commands beside a running server, on its database', () => {
  let reelport: Reelport;
  let environment: Record<string, string>;
  const cli = (...args: string[]): Promise<CliResult> => runCli(args, environment);
  const create = async (project: string): Promise<string> =>
    (await cli('token', 'create', '--project', project, '--name', 'a', ...SCOPES)).stdout;
  const onlyId = async (project: string): Promise<string> =>
    columns(await cli('token', 'list', '--project', project), 'ID')[0][0];

  beforeAll(async () => {
    const TOKEN_SECRET = 'the-secret-of-server-and-commands-alike';
    reelport = await startReelport({ TOKEN_SECRET });
    environment = { DATABASE_URL: reelport.database.url, DATA_DIR: reelport.dataDir, TOKEN_SECRET };
  });
  afterAll(() => reelport?.remove());

  it('print a token alone, and the token works', async () => {
    const created = await cli('token', 'create', '--project', 'creates', '--name', 'a', ...SCOPES);
    expect(created).toEqual({ code: 0, stdout: expect.stringMatching(TOKEN), stderr: '' });
    expect(await statusWith(reelport.url, created.stdout)).toBe(200);
    const listed = await cli('token', 'list', '--project', 'creates');
    expect(columns(listed, 'NAME', 'STATE')).toEqual([['a', 'valid']]);
    expect(listed.stdout).not.toContain(created.stdout.trim());
  });

  it('revoke a token', async () => {
    const token = await create('revokes');
    expect(await cli('token', 'revoke', await onlyId('revokes'))).toMatchObject({ code: 0, stdout: '' });
    expect(await statusWith(reelport.url, token)).toBe(401);
    const listed = await cli('token', 'list', '--project', 'revokes');
    expect(columns(listed, 'STATE')).toEqual([['revoked']]);
  });

  it('rotate a token and print only the new one', async () => {
    const token = await create('rotates');
    const rotated = await cli('token', 'rotate', await onlyId('rotates'));
    expect(rotated).toEqual({ code: 0, stdout: expect.stringMatching(TOKEN), stderr: '' });
    expect(await statusWith(reelport.url, rotated.stdout)).toBe(200);
    expect(await statusWith(reelport.url, token)).toBe(401);
  });

  it('print the secret that signs webhooks; after a rotation both secrets sign', async () => {
    const token = (await create('signs')).trim();
    const secret = await cli('project', 'webhook-secret', '--project', 'signs');
    expect(secret).toEqual({ code: 0, stdout: expect.stringMatching(/^whsec_\S{44}\n$/), stderr: '' });
    const rotated = await cli('project', 'webhook-secret', '--project', 'signs', '--rotate');
    expect(rotated.stdout).not.toBe(secret.stdout);
    const receiver = await startReceiver();
    const origin = await startOrigin();
    try {
      const video = { id: '1', url: origin.url('/gone.mp4'), fileName: 'a', metadata: {} };
      const api = new ApiClient(reelport.url, token);
      const id = await api.importVideos('signs', [video], { webhook: receiver.url('/hook') });
      const delivery = await receiver.waitForDelivery();
      expect(receiver.verify(delivery, rotated.stdout.trim())).toMatchObject({ id });
      const signatures = String(delivery.headers['webhook-signature']).split(' ');
      expect(signatures).toHaveLength(2);
    } finally {
      await origin.close();
      await receiver.close();
    }
  });

  it.each([
    ['token list', ['token', 'list']],
    ['project schema', ['project', 'schema']],
    ['project schema --clear', ['project', 'schema', '--clear']],
    ['project webhook-secret', ['project', 'webhook-secret']],
    ['project webhook-secret --rotate', ['project', 'webhook-secret', '--rotate']],
  ])('%s reports an unknown project in one line', async (_, args) => {
    const answer = await cli(...args, '--project', 'nobody');
    expect(answer).toEqual({ code: 1, stdout: '', stderr: 'Unknown project "nobody"\n' });
  });

  it('exit with 2 on misuse and change nothing', async () => {
    const answer = await cli('token', 'create', '--project', 'misused', '--name', 'a', '--scope', 'all');
    expect(answer).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Must be one of'),
    });
    const projects = columns(await cli('project', 'list'), 'NAME').flat();
    expect(projects).not.toContain('misused');
  });
});

describe('commands on a data folder alone', () => {
  let dataDir: string;
  let environment: Record<string, string>;
  let reelport: Reelport | undefined;

  beforeAll(async () => {
    const parent = await mkdtemp(join(tmpdir(), 'reelport-cli-'));
    dataDir = `${parent}-data`;
    await rm(parent, { recursive: true });
    // If root runs the tests, PostgreSQL runs as another user, which has to be able to enter its data folder.
    await mkdir(dataDir, { mode: 0o711 });
    // An empty variable counts as not set.
    environment = { DATABASE_URL: '', REDIS_URL: '', TOKEN_SECRET: '', DATA_DIR: dataDir };
  });
  afterAll(async () => {
    await reelport?.remove();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('work before the first start of the server, while it runs, and after it stopped', async () => {
    const cli = (...args: string[]): Promise<CliResult> => runCli(args, environment);
    const before = await cli('token', 'create', '--project', 'news', '--name', 'before', ...SCOPES);
    expect(before).toMatchObject({ code: 0, stdout: expect.stringMatching(TOKEN) });

    reelport = await startReelport(environment);
    expect(await statusWith(reelport.url, before.stdout)).toBe(200);
    const during = await cli('token', 'create', '--project', 'news', '--name', 'during', ...SCOPES);
    expect(await statusWith(reelport.url, during.stdout)).toBe(200);

    expect(await reelport.stop()).toBe(0);
    const listed = await cli('token', 'list', '--project', 'news');
    expect(columns(listed, 'NAME').flat().sort()).toEqual(['before', 'during']);
  });
});
