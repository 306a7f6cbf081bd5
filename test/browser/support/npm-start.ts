import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Output of `npm start` that a user sees on the screen. */
export interface Started {
  /** Single-use sign-in link. */
  link: string;
  token: string;
  stop: () => Promise<void>;
}

const PRINTED = /Swagger UI\s+(\S+)[\s\S]*Demo token\s+(\S+)[\s\S]*Ctrl-C/;

/** Runs `npm start` on a new data folder with the given variables; resolves when it is ready. */
export async function npmStart(variables: Record<string, string>): Promise<Started> {
  const dataDir = await mkdtemp(join(tmpdir(), 'reelport-browser-'));
  const child = spawn('npm', ['start'], {
    env: {
      PATH: process.env['PATH'],
      HOME: dataDir,
      npm_config_update_notifier: 'false',
      DATA_DIR: join(dataDir, 'data'),
      MIN_FREE_BYTES: '0',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  let output = '';
  const printed = new Promise<Started>((resolve) => {
    const read = (chunk: Buffer): void => {
      output += String(chunk);
      const [, link, token] = PRINTED.exec(output) ?? [];
      if (link !== undefined && token !== undefined) resolve({ link, token, stop });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  const failed = ended.then(() => {
    throw new Error(`npm start ended:\n${output}`);
  });
  return Promise.race([printed, failed]);
}
