import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TOKEN_SECRET } from '../support/accounts.js';
import { argumentsOf, type Program } from '../support/programs.js';

const LIMIT_MS = 50_000;

interface Ending {
  code: number | null;
  output: string;
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelport-refused-start-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a program in a shell, in a working environment with the given changes, until it ends. */
async function run(
  program: Program,
  environment: Record<string, string | undefined>,
  before = '',
): Promise<Ending> {
  const child = spawn(
    'sh',
    ['-c', `${before} exec "$0" ${argumentsOf(program).join(' ')}`, process.execPath],
    {
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: inject('databaseUrl'),
        REDIS_URL: inject('redisUrl'),
        RUN_MIGRATIONS: 'false',
        TOKEN_SECRET,
        DATA_DIR: join(folder, 'data'),
        PORT: '0',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Do not wait for a program that keeps running or spins.
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  }
  await once(child, 'close');
  return { code: child.exitCode, output };
}

/** Exactly one line of output. */
const line = (text: RegExp): object => expect.stringMatching(new RegExp(`^${text.source}\\n$`));

describe.each<Program>(['main', 'worker', 'standalone'])('%s refuses to start with one line', (program) => {
  it.each(['/proc/reelport', '/proc/self', '/dev/null/data'])('if DATA_DIR is %s', async (DATA_DIR) => {
    expect(await run(program, { DATA_DIR })).toEqual({
      code: 1,
      output: line(
        /(DATA_DIR must be|The data folder) .* cannot be used \(E.+\)(: set DATA_DIR to another folder)?/,
      ),
    });
  });

  it('if the limit of open files is too low', async () => {
    const { code, output } = await run(program, {}, 'ulimit -n 256;');
    expect({ code, output }).toEqual({
      code: 1,
      output: line(/The open file limit is 256 and must be at least \d+: .*/),
    });
  });
});

describe('A single role refuses to start with one line', () => {
  it.each<[Program, string]>([
    ['main', 'DATABASE_URL'],
    ['main', 'REDIS_URL'],
    ['main', 'TOKEN_SECRET'],
    ['worker', 'DATABASE_URL'],
    ['worker', 'REDIS_URL'],
    ['standalone', 'TOKEN_SECRET'],
  ])('%s without %s', async (program, name) => {
    expect(await run(program, { [name]: undefined })).toEqual({
      code: 1,
      output: line(new RegExp(`${name} is required, .*`)),
    });
  });
});

it('npm start names a file in place of its data folder', async () => {
  const DATA_DIR = join(folder, 'file');
  await writeFile(DATA_DIR, '');
  const none = { DATABASE_URL: undefined, REDIS_URL: undefined, TOKEN_SECRET: undefined };
  expect(await run('standalone', { ...none, DATA_DIR })).toEqual({
    code: 1,
    output: line(/The data folder .*file cannot be used \(.*\): set DATA_DIR to another folder/),
  });
});

it('npm start names a missing folder for temporary files', async () => {
  const TMPDIR = join(folder, 'missing');
  const none = { DATABASE_URL: undefined, REDIS_URL: undefined, TOKEN_SECRET: undefined };
  expect(await run('standalone', { ...none, TMPDIR })).toEqual({
    code: 1,
    output: line(/The temporary folder .*missing does not exist: create it, or set TMPDIR to another folder/),
  });
});
