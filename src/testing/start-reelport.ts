import 'reflect-metadata';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication, INestApplicationContext } from '@nestjs/common';
import { startServices } from '#libs/embedded';
import { ExtensionError } from '../config/extension-error.js';
import { parseEnvironment, withServices } from '../config/parse-environment.js';
import { createReelport, type ReelportOptions } from '../create-reelport.js';
import { Extensions } from '../extension/extensions.js';
import { extensionFaults } from '../extension/faults.js';
import { ownNames } from '../own-names.js';
import { freePort } from './free-port.js';

/** Signing key of the tokens in tests. */
const TOKEN_SECRET = 'a-secret-for-tests-that-is-long-enough';

/** Settings of a test: archives on this machine, no limits, quick retries. */
const SETTINGS = {
  TOKEN_SECRET,
  TRUSTED_NETWORKS: '127.0.0.0/8',
  MIN_FREE_BYTES: '0',
  RATE_LIMIT_ADDRESS: '0',
  RATE_LIMIT_TOKEN: '0',
  RATE_LIMIT_FAILED_AUTH: '0',
  RETRY_SCHEDULE: '10ms',
  SHUTDOWN_GRACE_MS: '1s',
  LOG_LEVEL: 'error',
};

export interface StartOptions extends ReelportOptions {
  /** Environment variables, besides those of a test; also the settings of the extensions. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * The compiled program of the team, such as `new URL('./main.js', import.meta.url)`, which processes of kinds with
   * `isolate: 'process'` run. Without it such kinds run in this process.
   */
  readonly entry?: URL;
}

/** API and worker of an installation in this process. */
export interface RunningReelport {
  /** `http://127.0.0.1:1234`, without a trailing slash. */
  readonly url: string;
  /** Folder with all data; `close()` removes it. */
  readonly dataDir: string;
  /** `postgresql://…`, for tests of the tables of an extension. */
  readonly databaseUrl: string;
  /** The API process, for its providers: `api.get(SomeService, { strict: false })`. */
  readonly api: INestApplication;
  /** The worker process. */
  readonly worker: INestApplicationContext;
  /** Stops everything and removes all data. May be called repeatedly. */
  close(): Promise<void>;
}

/**
 * Starts Reelport with extensions in this process, on a free port and a new data folder. PostgreSQL and Redis are
 * embedded, unless the environment has `DATABASE_URL` and `REDIS_URL`.
 *
 * @throws Error that lists every fault of the extensions and their settings
 */
export async function startReelport({
  extensions,
  environment,
  entry,
}: StartOptions): Promise<RunningReelport> {
  createReelport({ extensions });
  const faults = extensionFaults(extensions, ownNames());
  if (faults.length > 0) throw new ExtensionError(faults);
  const dataDir = await mkdtemp(join(tmpdir(), 'reelport-testing-'));
  // PostgreSQL refuses to run as root, and the user that it runs as must be able to enter.
  await chmod(dataDir, 0o711);
  const opened: Array<() => Promise<unknown>> = [() => rm(dataDir, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (let next = opened.pop(); next !== undefined; next = opened.pop()) await next();
  };
  try {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const given = parseEnvironment(
      { DATA_DIR: dataDir, PORT: String(port), PUBLIC_URL: url, ...SETTINGS, ...environment },
      new Extensions(extensions).additions,
    );
    const services = await startServices({
      dataDir,
      durable: false,
      need: { database: given.DATABASE_URL === undefined, redis: given.REDIS_URL === undefined },
    });
    opened.push(() => services.stop());
    const complete = withServices(given, services);
    const { startApi } = await import('../start/start-api.js');
    const { startWorker } = await import('../start/start-worker.js');
    const api = await startApi(complete, extensions);
    opened.push(() => api.close());
    const worker = await startWorker(complete, extensions, {
      entry: entry && { entry, execArgv: ['--enable-source-maps'] },
    });
    opened.push(() => worker.close());
    const { DATABASE_URL: databaseUrl = '' } = complete;
    return { url, dataDir, databaseUrl, api, worker, close };
  } catch (error) {
    await close();
    throw error;
  }
}
