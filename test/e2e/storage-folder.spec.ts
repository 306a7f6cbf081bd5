import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { TOKEN_SECRET } from '../support/accounts.js';
import { startReelport, type Reelport } from '../support/reelport.js';
import { argumentsOf, type Program } from '../support/programs.js';

let reelport: Reelport;
let elsewhere: string;

beforeAll(async () => {
  elsewhere = await mkdtemp(join(tmpdir(), 'reelport-elsewhere-'));
  await mkdir(join(elsewhere, 'media'));
  reelport = await startReelport();
});
afterAll(async () => {
  await reelport?.remove();
  await rm(elsewhere, { recursive: true, force: true });
});

const REFUSAL =
  /^(?:Starting API and worker …\n)?DATA_DIR: \S+media is not the folder that holds the files of this database\. With STORAGE=local, .* write ([0-9a-f-]{36}) to \S+\.storage-id\n$/;

/** Runs a role on the shared database with a data folder of its own, like on another machine, until it ends. */
async function startElsewhere(program: Program): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, argumentsOf(program), {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: reelport.database.url,
      REDIS_URL: inject('redisUrl'),
      TOKEN_SECRET,
      DATA_DIR: elsewhere,
      PORT: '0',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  }
  await once(child, 'close');
  return { code: child.exitCode, output };
}

it.each<Program>(['main', 'worker', 'standalone'])(
  '%s refuses to start with a storage folder of its own',
  async (program) => {
    expect(await startElsewhere(program)).toEqual({ code: 1, output: expect.stringMatching(REFUSAL) });
  },
);

it('starts again on its own folder, and on the folder that the files were moved to', async () => {
  await reelport.stop();
  await reelport.start();
  expect((await fetch(`${reelport.url}/health/live`)).status).toBe(200);
  const [, id = ''] = REFUSAL.exec((await startElsewhere('worker')).output) ?? [];
  await writeFile(join(elsewhere, 'media', '.storage-id'), id);
  await reelport.stop();
  await reelport.start({ DATA_DIR: elsewhere });
  expect((await fetch(`${reelport.url}/health/live`)).status).toBe(200);
});

it('refuses to start on a folder whose id is damaged', async () => {
  await reelport.stop();
  await reelport.database.dataSource.query('DELETE FROM storage_folder');
  await writeFile(join(elsewhere, 'media', '.storage-id'), '');
  expect(await startElsewhere('worker')).toEqual({
    code: 1,
    output: expect.stringMatching(/^DATA_DIR: \S+\.storage-id holds no storage folder id; remove .*\n$/),
  });
});
