import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedUnavailableError } from './errors.js';
import { startServices } from './services.js';
import { kill, run, tell, writeProgram } from './testing/program.js';

const LIMIT_MS = 180_000;

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'surroundings-')));
  chmodSync(folder, 0o711);
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a folder with the compiled library and its dependencies. */
function makeProgram(): void {
  writeProgram(folder);
  const modules = join(dirname(createRequire(import.meta.url).resolve('pg/package.json')), '..');
  symlinkSync(modules, join(folder, 'node_modules'));
}

describe('a data folder', () => {
  it('that cannot be used is reported with its name, the reason and the remedy', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const dataDir of [file, join(file, 'below')]) {
      const failure = startServices({ dataDir });
      await expect(failure).rejects.toBeInstanceOf(EmbeddedUnavailableError);
      await expect(failure).rejects.toThrow(dataDir);
      await expect(failure).rejects.toThrow('DATA_DIR');
    }
  });

  it('is refused immediately on a file system that cannot create folders', async () => {
    makeProgram();
    // In a separate process: a search for the first existing folder would never end.
    const script = `
      import { startServices } from './lib/index.js';
      await startServices({ dataDir: '/proc/reelport' }).catch((error) => console.log(error.message));`;
    writeFileSync(join(folder, 'refused.js'), script);
    const options = { timeout: 20_000 };
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'refused.js')], options);
    expect(stdout).toMatch(/^The data folder \/proc\/reelport cannot be used \(E/);
  });

  it('is created with its parents', async () => {
    const dataDir = join(folder, 'new', 'data');
    const services = await startServices({ dataDir, need: { database: false } });
    await services.stop();
    expect(existsSync(join(dataDir, 'embedded'))).toBe(true);
  });
});

describe('an environment for another server', () => {
  it(
    'does not affect the embedded server or its clients',
    async () => {
      makeProgram();
      const owner = run(folder, {
        env: {
          PATH: '/usr/bin:/bin',
          PGSSLMODE: 'verify-full',
          PGOPTIONS: '-c statement_timeout=1 -c nonsense=1',
          PGUSER: 'someone',
          PGDATABASE: 'elsewhere',
          PGPORT: '1',
          PGDATA: '/nonexistent',
          PGCLIENTENCODING: 'nonsense',
        },
      });
      try {
        const dataDir = join(folder, 'data');
        await tell(owner, 'start', { dataDir, durable: false, need: { redis: false } });
        expect(await tell(owner, 'ask', 'SELECT current_user AS value')).toEqual([{ value: 'reelport' }]);
        await tell(owner, 'stop');
      } finally {
        await kill(owner);
      }
    },
    LIMIT_MS,
  );

  it('is reported if its temporary folder is missing', async () => {
    makeProgram();
    const script = `
      import { startServices } from './lib/index.js';
      await startServices({ dataDir: process.argv[2] }).catch((error) => console.log(error.message));`;
    writeFileSync(join(folder, 'refused.js'), script);
    const args = [join(folder, 'refused.js'), join(folder, 'data')];
    const env = { PATH: '/usr/bin:/bin', TMPDIR: join(folder, 'missing') };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    expect(stdout).toContain(`TMPDIR`);
    expect(stdout).toContain(join(folder, 'missing'));
  });
});
