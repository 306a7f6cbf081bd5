import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import Bull from 'bull';
import { Client } from 'pg';
import type { Services } from '#libs/embedded';
import { VIDEOS } from '../../../src/videos/video-kind.js';
import { ApiClient } from '../../support/api.js';
import { runCli } from '../../support/cli.js';
import { freePort } from '../../support/free-port.js';
import { execute, withDatabase } from '../../support/postgres.js';
import { Child } from './child.js';
import { emptyFiles } from './empty-files.js';
import { EVENT_LOOP_ARGS } from './event-loop.js';
import { until } from './until.js';

export interface InstallationOptions {
  /** Worker processes beside the API; `standalone`: one process is both. */
  workers: number | 'standalone';
  /** Variables of the product. */
  environment?: Record<string, string>;
  /** Whether CPU profiles are written in any case, which they are when the processes end. */
  profile?: boolean;
}

/** Where installations live, and what all of them get. */
export interface Site {
  services: Services;
  folder: string;
  /** Variables that win over those of a figure: what somebody tries out. */
  environment: Record<string, string>;
  /** Where CPU profiles go, if they are wanted. */
  profiles?: string;
}

/** A whole Reelport as it is in production: processes of its own, on a database and a data folder of its own. */
export class Installation {
  readonly queue: Bull.Queue;
  readonly database: Client;
  api!: Child;
  workers: Child[] = [];
  /** Folder with a folder of CPU profiles for each process, if they are written. */
  readonly profiles: string | undefined;
  private removed = false;
  private readonly url: string;
  private readonly environment: Record<string, string>;

  private constructor(
    private readonly site: Site,
    private readonly name: string,
    port: number,
    { environment, profile = false }: Omit<InstallationOptions, 'workers'>,
  ) {
    this.profiles = site.profiles ?? (profile ? join(site.folder, `${name}-profiles`) : undefined);
    const databaseUrl = withDatabase(site.services.databaseUrl, name);
    this.url = `http://127.0.0.1:${port}`;
    this.environment = {
      DATABASE_URL: databaseUrl,
      REDIS_URL: site.services.redisUrl,
      REDIS_PREFIX: name,
      DATA_DIR: join(site.folder, name),
      PORT: String(port),
      TOKEN_SECRET: randomBytes(32).toString('hex'),
      TRUSTED_NETWORKS: '127.0.0.0/8',
      LOG_LEVEL: 'warn',
      // As `npm start` and `npm run start:worker` have it.
      UV_THREADPOOL_SIZE: '16',
      // All that is measured comes from one address.
      RATE_LIMIT_ADDRESS: '0',
      RATE_LIMIT_TOKEN: '0',
      RATE_LIMIT_FAILED_AUTH: '0',
      ...environment,
      ...site.environment,
    };
    this.database = new Client({ connectionString: databaseUrl });
    // A connection that breaks is told to whoever asks next.
    this.database.on('error', () => undefined);
    this.queue = new Bull(VIDEOS, site.services.redisUrl, { prefix: name });
  }

  /**
   * Resolves when every process is ready to serve.
   *
   * @param made gets it before anything runs, so that one that is half started can be removed, too
   */
  static async start(
    site: Site,
    { workers, ...options }: InstallationOptions,
    made: (installation: Installation) => Promise<void>,
  ): Promise<Installation> {
    const name = `bench_${randomBytes(4).toString('hex')}`;
    await execute(site.services.databaseUrl, `CREATE DATABASE ${name}`);
    const installation = new Installation(site, name, await freePort(), options);
    await made(installation);
    await mkdir(join(site.folder, name));
    await installation.database.connect();
    await installation.startApi(workers === 'standalone' ? 'standalone' : 'main');
    await installation.startWorkers(workers === 'standalone' ? 0 : workers);
    if (workers === 'standalone') await installation.workersReady(1);
    return installation;
  }

  /** Starts so many more workers. */
  async startWorkers(count: number): Promise<void> {
    for (let started = 0; started < count; started++) {
      this.workers.push(this.process('worker', `worker-${this.workers.length + 1}`));
    }
    await this.workersReady(this.workers.length);
  }

  /** Ends all workers, as an operator does who updates them. */
  async stopWorkers(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
    this.workers = [];
  }

  /** A client with a token of its own, made as an operator makes it; the project is made where it is new. */
  async client(project: string): Promise<ApiClient> {
    const scopes = ['--scope', 'public-api:write', '--scope', 'public-api:read'];
    const { code, stdout, stderr } = await runCli(
      ['token', 'create', '--project', project, '--name', 'bench', ...scopes],
      this.environment,
    );
    if (code !== 0) throw new Error(`No token: ${stderr}`);
    return new ApiClient(this.url, stdout.trim());
  }

  /** Ends everything and removes it, but for empty files. */
  async remove(): Promise<void> {
    this.removed = true;
    await this.stopWorkers();
    await this.api?.stop();
    await this.queue.close();
    await this.database.end();
    // Without FORCE, which would have to end an autovacuum, too, and may not: PostgreSQL itself may, and does.
    await execute(this.site.services.databaseUrl, `DROP DATABASE IF EXISTS ${this.name}`);
    await emptyFiles(join(this.site.folder, this.name));
  }

  private async startApi(entry: 'main' | 'standalone'): Promise<void> {
    this.api = this.process(entry, entry === 'main' ? 'api' : entry);
    await this.until('the API', async () => {
      const answer = await fetch(`${this.url}/health/ready`).catch(() => null); // does not listen yet
      await answer?.body?.cancel();
      return answer?.ok === true;
    });
  }

  /** A worker is ready when it waits for jobs in Redis. */
  private workersReady(count: number): Promise<void> {
    return this.until('the workers', async () => (await this.queue.getWorkers()).length >= count);
  }

  private process(entry: string, name: string): Child {
    if (this.removed) throw new Error('The installation has been removed');
    const profile =
      this.profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(this.profiles, name)}`];
    return Child.start(`Reelport (${name})`, `dist/src/${entry}.js`, {
      nodeArgs: [...EVENT_LOOP_ARGS, ...profile],
      env: this.environment,
    });
  }

  private until(what: string, holds: () => Promise<boolean>): Promise<void> {
    return until(what, async () => {
      const ended = [this.api, ...this.workers].find((child) => child.ended);
      if (ended !== undefined) throw ended.failure('ended');
      return holds();
    });
  }
}
