import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import type { Scope } from '../../src/auth/scopes.js';
import { createClient, ReelportError, UnexpectedResponseError } from '#libs/client';
import { runCli } from '../support/cli.js';
import { ClientCommand } from '../support/client-command.js';
import { freePort } from '../support/free-port.js';
import { startReceiver } from '../support/receiver.js';
import { newMp4, newPartner, openScene, type Partner, type Scene } from './scene.js';

let scene: Scene;
let partner: Partner;
let token: string;
let folder: string;

beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene?.close());
beforeEach(async () => {
  partner = await newPartner(scene.reelport);
  token = await scene.reelport.createToken(partner.project);
  folder = await mkdtemp(join(tmpdir(), 'reelport-client-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const start = (args: readonly string[], input?: string): ClientCommand =>
  new ClientCommand(
    args,
    { REELPORT_URL: scene.reelport.url, REELPORT_TOKEN: token, XDG_CONFIG_HOME: folder },
    input,
  );

async function run(
  args: readonly string[],
  input?: string,
): Promise<ClientCommand & { code: number | null }> {
  const command = start(args, input);
  return Object.assign(command, { code: await command.end() });
}

/** Without server and token. */
async function offline(args: readonly string[]): Promise<ClientCommand & { code: number | null }> {
  const command = new ClientCommand(args, { XDG_CONFIG_HOME: folder });
  return Object.assign(command, { code: await command.end() });
}

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** A list of videos that the archive serves. */
function list(count: number, name: string): string {
  scene.origin.serve(`/${name}/*`, newMp4());
  const rows = Array.from({ length: count }, (_, index) => {
    const url = scene.origin.url(`/${name}/${index}.mp4`);
    return `${name}-${index},Title ${index},${url},Jane Doe`;
  });
  return `id,title,url,credit\n${rows.join('\n')}\n`;
}

async function importCount(): Promise<number> {
  const rows = await scene.reelport.database.dataSource.query<[{ count: number }]>(
    'SELECT count(*)::integer AS count FROM imports WHERE project_id = $1',
    [partner.project.id],
  );
  return rows[0].count;
}

describe('reelport import', () => {
  it('imports a list in batches, and writes a result for each line', async () => {
    const path = await file('list.csv', list(7, 'whole'));
    const result = join(folder, 'result.csv');
    const { code, stderr } = await run([
      'import',
      path,
      '--system',
      'cli',
      '--batch',
      '3',
      '--result',
      result,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('7 videos: 7 imported') });
    expect(await importCount()).toBe(3);
    const [head, ...rows] = (await readFile(result, 'utf8')).trimEnd().split('\n');
    expect(head).toBe('externalId,mediaId,state,code,reason,predicted,predictedCode');
    expect(rows).toHaveLength(7);
    expect(rows[0]).toMatch(/^whole-0,[A-Za-z0-9]{12},success,,,,$/);
  });

  it('ends with 1 if items failed, and names the codes', async () => {
    const path = await file('list.csv', `id,url\na,${scene.origin.url('/missing.mp4')}\n`);
    const { code, stdout, stderr } = await run(['import', path, '--system', 'cli', '--json']);
    expect({ code, totals: JSON.parse(stdout) }).toEqual({
      code: 1,
      totals: { total: 1, success: 0, skipped: 0, failed: 1, failures: { HTTP_STATUS: 1 } },
    });
    expect(stderr).toContain('no faults');
  });

  it('sums failures up by cause, with each HTTP status of its own, and names the next step', async () => {
    for (const [name, status] of [
      ['gone', 404],
      ['locked', 403],
      ['also-gone', 404],
    ] as const)
      scene.origin.script(`/causes/${name}.mp4`, [{ status }]);
    const rows = ['gone', 'locked', 'also-gone'].map(
      (id) => `${id},${scene.origin.url(`/causes/${id}.mp4`)}`,
    );
    const path = await file('list.csv', `id,url\n${rows.join('\n')}\n`);
    const { code, stderr } = await run(['import', path, '--system', 'cli', '--quiet']);
    expect({ code, summary: stderr.trim().split('\n').slice(-3) }).toEqual({
      code: 1,
      summary: [
        '  2 × HTTP_STATUS: Could not download the video: the server answered 404',
        '  1 × HTTP_STATUS: Could not download the video: the server answered 403',
        `For what to do about failed items, run: reelport failures --state ${path}.reelport.json`,
      ],
    });
  });

  it('gives the reason of a predicted failure in the result file of a plan', async () => {
    scene.origin.script('/predicted/gone.mp4', [{ status: 404 }]);
    const path = await file('list.csv', `id,url\na,${scene.origin.url('/predicted/gone.mp4')}\n`);
    const result = join(folder, 'plan.csv');
    expect((await run(['plan', path, '--system', 'cli', '--result', result])).code).toBe(1);
    expect((await readFile(result, 'utf8')).split('\n')[1]).toBe(
      'a,,planned,,Could not download the video: the server answered 404,fail,HTTP_STATUS',
    );
  });

  it('refuses a result file that it could not write, before anything is sent', async () => {
    const path = await file('list.csv', list(1, 'unwritable'));
    for (const [result, reason] of [
      [join(folder, 'missing', 'result.csv'), 'no such file or folder'],
      [folder, 'is a folder'],
    ] as const) {
      const { code, stderr } = await run(['import', path, '--system', 'cli', '--result', result]);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringContaining(`Cannot write ${result}: ${reason}\n`),
      });
    }
    expect(await importCount()).toBe(0);
  });

  it.each([
    ['import', 'Cannot read missing.csv: no such file or folder', 3],
    ['reconcile', 'Cannot read missing.csv: no such file or folder', 3],
  ])('%s names a list that is not there', async (command, sentence, code) => {
    const ended = await run([command, 'missing.csv', '--system', 'cli']);
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: `${sentence}\n` });
  });

  it('names a file that is no list, without showing its bytes', async () => {
    const path = await file('video.csv', newMp4());
    const { code, stderr } = await run(['import', path, '--system', 'cli']);
    expect({ code, last: stderr.trim().split('\n').at(-1) }).toEqual({
      code: 3,
      last: `${path} is no text, or UTF-16 without a byte order mark`,
    });
  });

  it('blames no server for a file that cannot be written', async () => {
    const path = await file('list.csv', list(1, 'unwritten'));
    await run(['import', path, '--system', 'cli', '--quiet']);
    const output = join(folder, 'missing', 'report.csv');
    const { code, stderr } = await run(['report', '--state', `${path}.reelport.json`, '--output', output]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: `${output}: no such file or folder\n` });
  });

  it('lists every fault with its line and column, and sends nothing', async () => {
    const rows = [
      'id;url;title',
      'a;ftp://x.example/a;A',
      'b;https://x.example/b;B',
      'b;https://x.example/c;C',
      ';;',
    ];
    const path = await file('faults.csv', rows.join('\r\n'));
    const { code, stderr } = await run(['import', path, '--system', 'cli']);
    expect(code).toBe(3);
    const faults = stderr.split('\n').filter((line) => line.startsWith(path));
    expect(faults.map((line) => line.slice(path.length))).toEqual([
      ': CSV, utf-8, delimiter ";"',
      ':2:2 url: Must start with http:// or https://',
      ':4:1 id: Duplicates the id of line 3',
      ':5:1 id: Must not be empty',
      ':5:2 url: Must not be empty',
    ]);
    expect(await importCount()).toBe(0);
  });

  it.each([
    [
      'UTF-8 with byte order mark',
      Buffer.from('\uFEFFid,url,title\n1,https://x.example/1,Übung\n'),
      'utf-8 with',
    ],
    [
      'UTF-16',
      Buffer.from('\uFEFFid\turl\ttitle\n1\thttps://x.example/1\tÜbung\n', 'utf16le'),
      'utf-16le with',
    ],
    ['Windows-1252', Buffer.from('id|url|title\n1|https://x.example/1|Übung\n', 'latin1'), 'windows-1252'],
  ])('reads %s and says so', async (_name, content, said) => {
    const { code, stderr } = await run([
      'import',
      await file('list.csv', content),
      '--system',
      's',
      '--check',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(said) });
    expect(stderr).toContain('1 video');
  });

  it.each([
    ['JSON', `[{"id":"j","url":"https://x.example/1","metadata":{"a":1}}]`],
    ['the body of a batch', `{"systemName":"s","videos":[{"id":"j","url":"https://x.example/1"}]}`],
    ['JSON Lines', `{"id":"j","url":"https://x.example/1"}\n{"id":"k","url":"https://x.example/2"}\n`],
  ])('reads %s from stdin', async (_name, content) => {
    const { code, stderr } = await run(['import', '-', '--system', 's', '--check'], content);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('no faults') });
  });

  it('continues where it was killed: nothing lost, nothing doubled', async () => {
    const path = await file('list.csv', list(40, 'killed'));
    const args = ['import', path, '--system', 'cli', '--batch', '2'];
    const first = start(args);
    await expect.poll(importCount).toBeGreaterThan(3);
    await first.kill('SIGKILL');
    const before = await importCount();
    const second = await run(args);
    expect(second.stderr).toContain('Continuing after');
    expect({ code: second.code, stderr: second.stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('40 videos: 40 imported, 0 skipped'),
    });
    expect(before).toBeLessThanOrEqual(20);
    expect(await importCount()).toBe(20);
  });

  it('saves its place on Ctrl-C', async () => {
    const path = await file('list.csv', list(40, 'interrupted'));
    const args = ['import', path, '--system', 'cli', '--batch', '1'];
    const first = start(args);
    await expect.poll(importCount).toBeGreaterThan(0);
    expect(await first.kill('SIGINT')).toBe(130);
    expect(first.stderr).toContain('run the same command again');
    expect((await run([...args, '--quiet'])).code).toBe(0);
    expect(await importCount()).toBe(40);
  });

  it('refuses a state file of another input, another server or a running process', async () => {
    const path = await file('list.csv', list(1, 'state'));
    const state = join(folder, 'state.json');
    const args = ['--system', 'cli', '--state', state, '--quiet'];
    expect((await run(['import', path, ...args])).code).toBe(0);
    const other = await run(['import', await file('other.csv', list(2, 'other')), ...args]);
    expect({ code: other.code, stderr: other.stderr }).toEqual({
      code: 6,
      stderr: expect.stringMatching(
        /^The list has changed since the last run, .*; import the corrected list with --again\. .*--state/m,
      ),
    });
    expect(other.stderr).not.toMatch(/[0-9a-f]{64}/);
    const renamed = await run(['import', path, ...args, '--system', 'other']);
    expect({ code: renamed.code, stderr: renamed.stderr }).toEqual({
      code: 6,
      stderr: expect.stringContaining('belongs to another run: its system name is cli, not other'),
    });
    expect((await run(['import', await file('other.csv', list(2, 'other')), ...args, '--again'])).code).toBe(
      0,
    );
    await writeFile(`${state}.lock`, String(process.pid));
    const used = await run(['import', path, ...args]);
    expect({ code: used.code, stderr: used.stderr }).toEqual({
      code: 6,
      stderr: expect.stringContaining(`in use by process ${process.pid}`),
    });
  });

  it('stops at once with a refused token, and says what to do', async () => {
    token = 'not-a-token';
    const path = await file('list.csv', list(1, 'refused'));
    const { code, stderr } = await run(['import', path, '--system', 'cli']);
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('reelport login') });
  });

  it('names the scope that the token lacks', async () => {
    token = await scene.reelport.createToken(partner.project, ['public-api:write']);
    const path = await file('list.csv', list(1, 'scopes'));
    const reading = await run(['reconcile', path, '--system', 'cli']);
    expect({ code: reading.code, stderr: reading.stderr }).toEqual({
      code: 4,
      stderr: expect.stringContaining('Ask the operator for a token with the scope public-api:read\n'),
    });
    token = await scene.reelport.createToken(partner.project, ['public-api:read']);
    const writing = await run(['import', path, '--system', 'cli']);
    expect({ code: writing.code, stderr: writing.stderr }).toEqual({
      code: 4,
      stderr: expect.stringContaining('Ask the operator for a token with the scope public-api:write\n'),
    });
  });

  it('names a server that does not answer, and what may be wrong', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const path = await file('list.csv', list(1, 'unreachable'));
    const { code, stderr } = await run(['reconcile', path, '--system', 'cli', '--url', url]);
    expect({ code, stderr }).toEqual({
      code: 5,
      stderr: expect.stringMatching(
        new RegExp(`^Cannot reach ${url}: connect ECONNREFUSED .*; is Reelport running there\\?$`, 'm'),
      ),
    });
    const login = new ClientCommand(['login', '--url', url], { XDG_CONFIG_HOME: folder }, `${token}\n`);
    expect({ code: await login.end(), stderr: login.stderr }).toEqual({
      code: 5,
      stderr: expect.stringContaining(`Cannot reach ${url}`),
    });
  });

  it('waits for seconds only for a server that has never answered', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { code, stderr } = await run(['watch', 'x', '--url', url]);
    expect({ code, last: stderr.trim().split('\n').at(-1) }).toEqual({
      code: 5,
      last: expect.stringMatching(
        new RegExp(`^Cannot reach ${url}: connect ECONNREFUSED .*; is Reelport running there\\?$`),
      ),
    });
  });

  it('counts one video in the singular', async () => {
    const path = await file('list.csv', list(1, 'single'));
    const { stderr } = await run(['import', path, '--system', 'cli']);
    expect(stderr).toContain('1 video, no faults');
    expect(stderr).toContain('1 of 1 video (100 %)');
    expect(stderr).toContain('1 video: 1 imported');
    expect(stderr).not.toContain('1 videos');
  });

  it('shows no rate of bytes where the list has hashes, because known files are not downloaded', async () => {
    const bytes = newMp4();
    scene.origin.serve('/hashed.mp4', bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const rows = ['a', 'b', 'c'].map((id) => `${id},${scene.origin.url('/hashed.mp4')},${sha256}`);
    const path = await file('list.csv', `id,url,sha256\n${rows.join('\n')}\n`);
    const { code, stderr } = await run(['import', path, '--system', 'hashed']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('3 videos: 3 imported') });
    expect(stderr).not.toContain('B/s');
  });

  it('shows the page of a proxy as such', async () => {
    const proxy = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Please sign in</h1>');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { code, stderr } = await run(['status', 'x', '--url', `http://127.0.0.1:${port}`]);
    proxy.close();
    expect({ code, stderr }).toEqual({
      code: 5,
      stderr: expect.stringContaining('text/html instead of JSON (status 200): <h1>Please sign in</h1>'),
    });
  });
});

describe('a list of several batches', () => {
  let path: string;
  let state: string;

  beforeEach(async () => {
    path = await file('list.csv', list(20, 'proved'));
    state = `${path}.reelport.json`;
    await run(['import', path, '--system', 'cli', '--batch', '5', '--quiet']);
  });

  it('is proved by the receipts of all its imports', async () => {
    const proof = join(folder, 'proof');
    const online = await run(['verify', '--state', state, '--save', proof, '--manifest', path]);
    expect({ code: online.code, stdout: online.stdout, stderr: online.stderr }).toEqual({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(
        /^4 receipts are valid, and so are their ledgers: 20 items, 20 imported, 0 skipped, 0 failed$/m,
      ),
    });
    expect(online.stderr).toContain('20 lines: the receipts prove that all have arrived');
    const again = await offline(['verify', proof, '--manifest', path, '--json']);
    expect({ code: again.code, summary: JSON.parse(again.stdout) }).toEqual({
      code: 0,
      summary: {
        receipts: Array.from({ length: 4 }, () => expect.objectContaining({ systemName: 'cli' })),
        totals: { total: 20, success: 20, skipped: 0, failed: 0 },
        manifest: { lines: 20, proved: 20, notProved: [] },
      },
    });
  });

  it('is not proved with a line that no ledger has, and names it', async () => {
    const longer = await file(
      'longer.csv',
      `${await readFile(path, 'utf8')}late,Title,https://x.example/l,\n`,
    );
    const { code, stdout, stderr } = await run(['verify', '--state', state, '--manifest', longer, '--json']);
    expect({ code, manifest: JSON.parse(stdout).manifest }).toEqual({
      code: 7,
      manifest: {
        lines: 21,
        proved: 20,
        notProved: [{ line: 22, externalId: 'late', reason: 'is not in the ledger' }],
      },
    });
    expect(stderr).toContain(`${longer}:22 late: is not in the ledger`);
    expect(stderr).toContain('21 lines: 20 proved, 1 not proved');
  });

  it('is not proved by a ledger that was changed, or by a receipt of another system', async () => {
    const proof = join(folder, 'proof');
    const { batches }: { batches: Array<{ importId: string }> } = JSON.parse(await readFile(state, 'utf8'));
    const ids = batches.map(({ importId }) => importId);
    expect(await run(['verify', ...ids, '--save', proof])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('4 receipts are valid'),
    });
    const other = await run([
      'import',
      path,
      '--system',
      'other',
      '--state',
      join(folder, 's'),
      '--no-watch',
    ]);
    await run(['watch', other.stdout.trim()]);
    expect(await run(['verify', other.stdout.trim(), '--state', state, '--manifest', path])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/The receipts are of several systems: other \(.*\), cli \(/),
    });
    const ledger = join(proof, `ledger-${ids[2]}.ndjson`);
    await writeFile(ledger, (await readFile(ledger, 'utf8')).replace('proved-1', 'proved-9'));
    const { code, stdout, stderr } = await offline(['verify', proof, '--manifest', path]);
    expect({ code, stdout }).toEqual({ code: 8, stdout: '' });
    expect(stderr).toContain(`receipt-${ids[2]}.jws: The ledger was changed: its Merkle root differs`);
    expect(stderr).toContain('1 of 4 receipts does not verify');
  });

  it('has one report and one status', async () => {
    const report = join(folder, 'report.csv');
    expect((await run(['report', '--state', state, '--output', report])).code).toBe(0);
    const [head, ...rows] = (await readFile(report, 'utf8')).trimEnd().split(/\r?\n/);
    expect(rows).toHaveLength(20);
    expect(rows).not.toContain(head);
    const status = await run(['status', '--state', state]);
    expect(JSON.parse(status.stdout)).toEqual(
      Array.from({ length: 4 }, () => expect.objectContaining({ state: 'success' })),
    );
  });

  it('is verified only once all of it was sent', async () => {
    const saved: object = JSON.parse(await readFile(state, 'utf8'));
    await writeFile(state, JSON.stringify({ ...saved, complete: false }));
    expect(await run(['verify', '--state', state])).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringContaining('was interrupted before all batches were sent'),
    });
  });
});

it('reelport retry selects by code, host and HTTP status', async () => {
  for (const [path, status] of [
    ['gone-1', 404],
    ['gone-2', 404],
    ['locked', 403],
  ] as const)
    scene.origin.script(`/subset/${path}.mp4`, [{ status }]);
  const { api } = partner;
  scene.origin.serve('/subset/page.mp4', Buffer.from('<html></html>'));
  const id = await api.importVideos(
    'subset',
    ['gone-1', 'gone-2', 'locked', 'page'].map((name) => ({
      id: name,
      url: scene.origin.url(`/subset/${name}.mp4`),
      fileName: name,
      metadata: {},
    })),
  );
  await api.finished(id);
  const counted = async (...filters: string[]): Promise<string> =>
    (await run(['retry', id, '--dry-run', ...filters])).stderr.trim();
  expect(await counted()).toBe('Would run 4 items again');
  expect(await counted('--code', 'HTTP_STATUS', '--http-status', '404')).toBe('Would run 2 items again');
  expect(await counted('--http-status', 'none')).toBe('Would run 1 item again');
  const host = new URL(scene.origin.url('/')).host;
  expect(await counted('--host', host, '--code', 'NOT_A_VIDEO')).toBe('Would run 1 item again');
  // Without the port.
  expect(await counted('--host', new URL(`http://${host}`).hostname)).toBe(
    'Would run 0 items again\n' +
      `Nothing matches. Failures: HTTP_STATUS 404 from ${host}, HTTP_STATUS 403 from ${host}, NOT_A_VIDEO from ${host}`,
  );
  expect(await counted('--http-status', 'gone')).toContain('Must be an HTTP status, such as 503, or none.');
});

describe('several imports', () => {
  let finished: string;
  let waiting: string;

  beforeEach(async () => {
    scene.origin.script('/several/gone.mp4', [{ status: 404 }]);
    const client = createClient({ url: scene.reelport.url, token });
    const create = (url: string, fields: object = {}): Promise<string> =>
      client.imports.create('videos', {
        systemName: 'several',
        ...fields,
        videos: [{ id: 'a', url, fileName: 'A', metadata: {} }],
      });
    finished = await create(scene.origin.url('/several/gone.mp4'));
    await client.imports.wait(finished);
    const notBefore = new Date(Date.now() + 3_600_000).toISOString();
    waiting = await create(scene.origin.url('/several/later.mp4'), { notBefore });
  });

  it('are all cancelled, although some of them have finished', async () => {
    const { code, stderr } = await run(['cancel', finished, waiting]);
    expect({ code, lines: stderr.trim().split('\n') }).toEqual({
      code: 0,
      lines: [`${finished}: 409 Conflict; state: Import has already finished`, 'Cancelled 1 item'],
    });
    const again = await run(['cancel', finished, waiting]);
    expect({ code: again.code, last: again.stderr.trim().split('\n').at(-1) }).toEqual({
      code: 10,
      last: 'Cancelled 0 items',
    });
  });

  it('are retried as far as they have finished, and the others are named', async () => {
    const { code, stderr } = await run(['retry', waiting, finished]);
    expect({ code, lines: stderr.trim().split('\n') }).toEqual({
      code: 10,
      lines: [
        expect.stringMatching(new RegExp(`^${waiting}: 409 Conflict; state: Import is still running`)),
        'Running 1 item again',
      ],
    });
  });

  it.each(['status', 'failures', 'report', 'watch', 'verify'])(
    'are refused by reelport %s with the id of the one that is missing',
    async (command) => {
      const { code, stderr } = await run([command, finished, 'missing']);
      expect({ code, stderr }).toEqual({
        code: 10,
        stderr: expect.stringMatching(/^missing: .*No import has this id/m),
      });
    },
  );
});

describe('the progress of an import', () => {
  it('says why nothing happens, to people and to programs', async () => {
    const until = new Date(Date.now() + 48 * 3_600_000).toISOString();
    const [date = ''] = until.split('T');
    const id = await createClient({ url: scene.reelport.url, token }).imports.create('videos', {
      systemName: 'stalled',
      notBefore: until,
      videos: [{ id: 'a', url: scene.origin.url('/stalled.mp4'), fileName: 'A', metadata: {} }],
    });
    const people = start(['watch', id]);
    await expect.poll(() => people.stderr, { timeout: 20_000 }).toContain('waiting');
    expect(await people.kill('SIGINT')).toBe(130);
    expect(people.stderr).toMatch(
      new RegExp(`^0 of 1 item .*, waiting for the time in its notBefore, until ${date} [0-9:]+ UTC$`, 'm'),
    );
    const program = start(['watch', id, '--json']);
    await expect.poll(() => program.stderr, { timeout: 20_000 }).toContain('waiting');
    expect(await program.kill('SIGINT')).toBe(130);
    expect(JSON.parse(program.stderr.split('\n')[0] ?? '')).toMatchObject({
      waiting: { reason: 'not_before', until },
      secondsLeft: null,
    });
  });

  it('shows the end once', async () => {
    const path = await file('list.csv', list(2, 'once'));
    const { code, stderr } = await run(['import', path, '--system', 'cli']);
    expect({ code, ends: stderr.match(/^2 of 2 videos/gm) }).toEqual({ code: 0, ends: ['2 of 2 videos'] });
  });
});

describe('reelport listen', () => {
  it('posts the events of an import to a local receiver, signed as webhooks', async () => {
    const receiver = await startReceiver();
    const path = await file('list.csv', list(3, 'listen'));
    const { stdout } = await run(['import', path, '--system', 'cli', '--no-watch']);
    const { code, stderr } = await run([
      'listen',
      '--forward-to',
      receiver.url('/local'),
      '--import',
      stdout.trim(),
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('→ 204') });
    const secret = /whsec_\S+/.exec(stderr)?.[0] ?? '';
    const types = receiver.deliveries.map((delivery) => receiver.verify(delivery, secret));
    expect(types.at(-1)).toMatchObject({ type: 'import.finished', id: stdout.trim(), state: 'success' });
    expect(
      types
        .slice(0, -1)
        .flatMap((event) => itemsOf(event))
        .toSorted(),
    ).toEqual(['listen-0', 'listen-1', 'listen-2']);
    const ids = receiver.deliveries.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(ids.length);
    await receiver.close();
  });
});

it('reelport listen says why the receiver refuses an event, and ends with 9', async () => {
  const answers = ['\u001b[31mThe signature\tis wrong\u0007\r\nStack', 'x'.repeat(300), ''];
  const receiver = createServer((_request, response) => response.writeHead(401).end(answers.shift()));
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port }: AddressInfo = Object(receiver.address());
  const path = await file('list.csv', list(2, 'refusing'));
  await run(['import', path, '--system', 'cli', '--batch', '1', '--quiet']);
  const target = `http://127.0.0.1:${port}/hook`;
  const { code, stderr } = await run(['listen', '--forward-to', target, '--state', `${path}.reelport.json`]);
  receiver.close();
  expect(code).toBe(9);
  expect(stderr).toMatch(/^items\.finished msg_\S+ → 401 in \d+ ms: \[31mThe signature is wrong$/m);
  expect(stderr).toMatch(/^import\.finished msg_\S+ → 401 in \d+ ms: x{199}…$/m);
  expect(stderr).toMatch(/→ 401 in \d+ ms$/m);
  expect(stderr).toContain('4 of 4 events were not accepted');
});

it('reelport listen ends with Ctrl-C', async () => {
  const command = start(['listen', '--forward-to', 'http://127.0.0.1:9/hook']);
  await expect.poll(() => command.stderr).toContain('Waiting for events of the project');
  expect(await command.kill('SIGINT')).toBe(0);
});

function itemsOf(event: unknown): string[] {
  const { items }: { items?: Array<{ externalId: string }> } = Object(event);
  return (items ?? []).map(({ externalId }) => externalId);
}

describe('reelport login', () => {
  it('keeps a token from stdin in a file that only its owner can read', async () => {
    const { url } = scene.reelport;
    const environment = { XDG_CONFIG_HOME: folder };
    const login = new ClientCommand(['login', '--url', url], environment, `${token}\n`);
    expect({ code: await login.end(), stderr: login.stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('Logged in'),
    });
    const status = new ClientCommand(['status', 'missing'], environment);
    expect(await status.end()).toBe(10);
    expect(status.stderr).toContain('No import has this id');
  });

  it.each<{ scopes: Scope[] }>([
    { scopes: ['public-api:read'] },
    { scopes: ['public-api:admin'] },
    { scopes: ['public-api:write', 'public-api:read'] },
  ])('accepts a token with the scopes $scopes, and says what it may do', async ({ scopes }) => {
    token = await scene.reelport.createToken(partner.project, scopes);
    const { code, stderr } = await run(['login', '--url', scene.reelport.url], `${token}\n`);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining(
        `Project ${partner.project.name}; scopes of the token: ${scopes.join(', ')}`,
      ),
    });
    const { servers } = JSON.parse(await readFile(join(folder, 'reelport/credentials.json'), 'utf8'));
    expect(servers).toEqual({ [scene.reelport.url]: token });
  });

  it('keeps no token that the server refuses', async () => {
    const login = await run(['login', '--url', scene.reelport.url], 'not-a-token\n');
    expect({ code: login.code, stderr: login.stderr }).toEqual({
      code: 4,
      stderr: expect.stringContaining('401 Unauthorized'),
    });
    await expect(readFile(join(folder, 'reelport/credentials.json'))).rejects.toThrow('ENOENT');
  });

  it('refuses a token file that others can read', async () => {
    const path = await file('token', token);
    const { code, stderr } = await run(['login', '--url', scene.reelport.url, '--token-file', path]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('chmod 600') });
  });
});

describe('the SDK', () => {
  it('imports, waits, lists the items and reads the report', async () => {
    scene.origin.serve('/sdk.mp4', newMp4());
    const client = createClient({ url: scene.reelport.url, token });
    const videos = [{ id: 'sdk', url: scene.origin.url('/sdk.mp4'), fileName: 'SDK', metadata: {} }];
    const key = { idempotencyKey: 'once' };
    const id = await client.imports.create('videos', { systemName: 'sdk', videos }, key);
    expect(await client.imports.create('videos', { systemName: 'sdk', videos }, key)).toBe(id);
    expect(await client.imports.wait(id, { intervalMs: 100 })).toMatchObject({ state: 'success' });
    const items = [];
    for await (const item of client.imports.items(id)) items.push(item);
    expect(items).toMatchObject([{ externalId: 'sdk', state: 'success', video: { width: 320 } }]);
    const report = await new Response(await client.imports.report(id, 'csv')).text();
    expect(report).toContain('sdk,success');
    const { data } = await client.api.GET('/api/v1/videos', { params: { query: { externalId: 'sdk' } } });
    expect(data?.results).toHaveLength(1);
  });

  it('throws errors with the details of the server', async () => {
    const client = createClient({ url: scene.reelport.url, token, retry: { retries: 0 } });
    const failing = client.imports.create('videos', { systemName: '', videos: [] });
    await expect(failing).rejects.toBeInstanceOf(ReelportError);
    await expect(failing).rejects.toMatchObject({ status: 400, details: { systemName: expect.any(String) } });
    const behindProxy = createClient({
      url: 'http://x',
      token,
      fetch: async () => new Response('<p>', { status: 502 }),
      retry: { retries: 0 },
    });
    await expect(behindProxy.imports.get('x')).rejects.toBeInstanceOf(UnexpectedResponseError);
  });

  it('obeys Retry-After, and repeats a POST only if it is safe', async () => {
    const waits: number[] = [];
    const sent: string[] = [];
    const answers = [
      new Response('', { status: 503, headers: { 'retry-after': '0' } }),
      new Response('{"id":"abc"}', { headers: { 'content-type': 'application/json' } }),
    ];
    const client = createClient({
      url: 'http://x',
      token,
      retry: { backoffMs: 1, onRetry: (_reason, ms) => waits.push(ms) },
      fetch: async (input) => {
        sent.push(input instanceof Request ? input.method : 'unknown');
        const answer = answers.shift();
        if (answer === undefined) throw new TypeError('fetch failed');
        return answer;
      },
    });
    expect(await client.imports.create('videos', { systemName: 's', videos: [] })).toBe('abc');
    expect({ waits: waits.length, sent }).toEqual({ waits: 1, sent: ['POST', 'POST'] });
    await expect(client.imports.create('videos', { systemName: 's', videos: [] })).rejects.toThrow(
      'fetch failed',
    );
    expect(sent).toHaveLength(3);
  });
});

describe('expected files and removed media', () => {
  it('sends the columns of hash and size, and checks them before the first request', async () => {
    const bytes = newMp4();
    scene.origin.serve('/expected.mp4', bytes);
    const url = scene.origin.url('/expected.mp4');
    const sha256 = createHash('sha256').update(bytes).digest('hex').toUpperCase();
    const good = await file(
      'good.csv',
      `id,url,Checksum,file_size\nright,${url},${sha256},${bytes.length}\nwrong,${url},${'0'.repeat(64)},\n`,
    );
    const result = join(folder, 'result.csv');
    const { code, stderr } = await run(['import', good, '--system', 'expected', '--result', result]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('sha256=Checksum, size=file_size'),
    });
    expect(await readFile(result, 'utf8')).toContain('CHECKSUM_MISMATCH');

    const faulty = await file('faulty.csv', `id,url,sha256,bytes\na,${url},abc,12 KB\n`);
    const refused = await run(['import', faulty, '--system', 'expected']);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('faulty.csv:2:3 sha256: Must be a SHA-256 of 64 hexadecimal digits');
    expect(refused.stderr).toContain('faulty.csv:2:4 bytes: Must be the size in bytes, an integer from 1');
    expect(await importCount()).toBe(1);
  });

  it('removes media after a confirmation, and restores them', async () => {
    const path = await file('list.csv', list(1, 'removable'));
    await run(['import', path, '--system', 'cli']);
    const client = createClient({ url: scene.reelport.url, token });
    const { data } = await client.api.GET('/api/v1/videos');
    const id = data?.results[0]?.id ?? '';

    expect(await run(['remove', id])).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(await run(['remove', '--yes', id, 'nosuchid1234'])).toMatchObject({
      code: 1,
      stderr: `${id} removed\nnosuchid1234 not found\n`,
    });
    expect((await client.api.GET('/api/v1/videos')).data?.results).toEqual([]);
    const lines = [];
    const options = { systemName: 'cli', format: 'csv' } as const;
    for await (const line of client.imports.reconcile('externalId\nremovable-0\n', options)) lines.push(line);
    expect(lines).toContainEqual(expect.objectContaining({ type: 'missing', externalId: 'removable-0' }));
    expect(await run(['restore', id])).toMatchObject({ code: 0, stderr: `${id} restored\n` });

    await client.media.remove(id);
    expect(await client.media.restore(id)).toMatchObject({ id, version: 1 });
    await expect(client.media.remove('nosuchid1234')).rejects.toThrow(ReelportError);
  });
});

describe('wrong usage', () => {
  it.each([
    [
      ['import', 'x.csv', '--sytem', 'a'],
      "error: unknown option '--sytem'\n(Did you mean --system?)",
      'import',
    ],
    [['import', 'x.csv'], "error: required option '--system <name>' not specified", 'import'],
    [
      ['reconcile', 'x.csv', '--system', ''],
      "error: required option '--system <name>' not specified",
      'reconcile',
    ],
    [['listen'], "error: required option '--forward-to <url>' not specified", 'listen'],
  ])('%j is answered with its fault, and where to read on', async (args, fault, command) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout, stderr: stderr.replaceAll(/\n{2,}/g, '\n') }).toEqual({
      code: 2,
      stdout: '',
      stderr: `${fault}\nRun "reelport ${command} --help" for what there is\n`,
    });
  });

  it.each(['dist/src/reelport.js', 'dist/libs/client/src/cli/main.js'])(
    '%s says its version',
    async (program) => {
      const child = spawn(process.execPath, [program, '--version'], { stdio: ['ignore', 'pipe', 'inherit'] });
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      const [code] = await once(child, 'close');
      const { version }: { version: string } = JSON.parse(await readFile('package.json', 'utf8'));
      expect({ code, stdout }).toEqual({ code: 0, stdout: `${version}\n` });
    },
  );
});

const help = async (...args: string[]): Promise<string> => (await run([...args, '--help'])).stdout;

describe('the help', () => {
  it('names the default of --map', async () => {
    for (const command of ['verify', 'reconcile']) {
      const text = (await help(command)).replaceAll(/\s+/g, ' ');
      expect(text).toContain('column of id, sha256 or size, repeatable (default: by name)');
    }
  });

  it('of operators names all commands of partners', async () => {
    const commands = [...(await help()).matchAll(/^ {2}([a-z]+) (?!\[command\])/gm)].map(([, name]) => name);
    const { stdout } = await runCli(['--help'], {});
    const [, listed = ''] = stdout.split('Commands of partners');
    expect(commands).toContain('restore');
    expect(commands.filter((name) => !new RegExp(`\\b${name}\\b`).test(listed))).toEqual([]);
  });

  it('and the hints show the command as it was started', async () => {
    const environment = { XDG_CONFIG_HOME: folder, npm_command: 'exec' };
    const command = new ClientCommand(['status', 'x'], environment);
    expect({ code: await command.end(), stderr: command.stderr }).toEqual({
      code: 4,
      stderr: 'Which server? Run "npx reelport login --url URL", or set REELPORT_URL\n',
    });
    const { stdout } = await runCli(['--help'], environment);
    expect(stdout).toContain('Run "npx reelport import --help"');
    token = 'not-a-token';
    expect((await run(['status', 'x'])).stderr).toContain('Run "reelport login" with a valid token');
  });

  it.each(['dist/src/reelport.js', 'dist/libs/client/src/cli/main.js'])(
    'of %s ends quietly when nobody reads it',
    async (program) => {
      const child = spawn(process.execPath, [program, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
      // Closed before the program can write.
      child.stdout.destroy();
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      await once(child, 'close');
      expect(stderr).toBe('');
    },
  );
});

it('reelport report stops quietly when nobody reads it', async () => {
  const path = await file('list.csv', list(2, 'unread'));
  await run(['import', path, '--system', 'cli', '--quiet']);
  const command = start(['report', '--state', `${path}.reelport.json`]);
  command.stopReading();
  expect({ code: await command.end(), stderr: command.stderr }).toEqual({ code: 141, stderr: '' });
});
