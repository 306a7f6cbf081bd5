import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import Bull from 'bull';
import { Client } from 'pg';
import type { Services } from '#libs/embedded';
import { ITEM_QUEUE } from '../../../src/imports/item-queue.js';
import { ApiClient } from '../../support/api.js';
import { runCli } from '../../support/cli.js';
import { freePort } from '../../support/free-port.js';
import { execute, withDatabase } from '../../support/postgres.js';
import { Child } from './child.js';
import { emptyFiles } from './empty-files.js';
import { EVENT_LOOP_ARGS } from './event-loop.js';
import { until } from '../../support/until.js';

export interface BenchInstallationOptions {
  /** Worker processes beside the API; `standalone` runs both in one process. */
  workers: number | 'standalone';
  /** Environment variables of the product. */
  environment?: Record<string, string>;
  /** Whether the processes write CPU profiles when they exit. */
  profile?: boolean;
}

/** Common settings of all installations. */
export interface Site {
  services: Services;
  folder: string;
  /** Environment variables from the command line, which override those of a figure. */
  environment: Record<string, string>;
  /** Folder for CPU profiles, if requested. */
  profiles?: string;
}

/** A complete Reelport like in production: separate processes with their own database and data folder. */
export class BenchInstallation {
  readonly queue: Bull.Queue;
  readonly database: Client;
  api!: Child;
  workers: Child[] = [];
  /** Folder with one folder of CPU profiles per process, if requested. */
  readonly profiles: string | undefined;
  private removed = false;
  private readonly url: string;
  private readonly environment: Record<string, string>;

  private constructor(
    private readonly site: Site,
    private readonly name: string,
    port: number,
    { environment, profile = false }: Omit<BenchInstallationOptions, 'workers'>,
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
      // As launch.cts sets it; here a preloaded ES module would start the thread pool before.
      UV_THREADPOOL_SIZE: '16',
      // All requests come from one address.
      RATE_LIMIT_ADDRESS: '0',
      RATE_LIMIT_TOKEN: '0',
      RATE_LIMIT_FAILED_AUTH: '0',
      ...environment,
      ...site.environment,
    };
    this.database = new Client({ connectionString: databaseUrl });
    // The next query reports a broken connection.
    this.database.on('error', () => undefined);
    this.queue = new Bull(ITEM_QUEUE, site.services.redisUrl, { prefix: name });
  }

  /**
   * Resolves when every process is ready to serve.
   *
   * @param made called before the processes start, so that a failed start can be removed as well
   */
  static async start(
    site: Site,
    { workers, ...options }: BenchInstallationOptions,
    made: (installation: BenchInstallation) => Promise<void>,
  ): Promise<BenchInstallation> {
    const name = `bench_${randomBytes(4).toString('hex')}`;
    await execute(site.services.databaseUrl, `CREATE DATABASE ${name}`);
    const installation = new BenchInstallation(site, name, await freePort(), options);
    await made(installation);
    await mkdir(join(site.folder, name));
    await installation.database.connect();
    await installation.startApi(workers === 'standalone' ? 'standalone' : 'api');
    await installation.startWorkers(workers === 'standalone' ? 0 : workers);
    if (workers === 'standalone') await installation.workersReady(1);
    return installation;
  }

  /** Starts more workers. */
  async startWorkers(count: number): Promise<void> {
    for (let started = 0; started < count; started++) {
      this.workers.push(this.process('worker', `worker-${this.workers.length + 1}`));
    }
    await this.workersReady(this.workers.length);
  }

  /** Stops all workers like an operator does for an update. */
  async stopWorkers(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
    this.workers = [];
  }

  /** A client with a new token from the command line; creates the project if necessary. */
  async client(project: string): Promise<ApiClient> {
    const scopes = ['--scope', 'public-api:write', '--scope', 'public-api:read'];
    const { code, stdout, stderr } = await runCli(
      ['token', 'create', '--project', project, '--name', 'bench', ...scopes],
      this.environment,
    );
    if (code !== 0) throw new Error(`Could not create a token: ${stderr}`);
    return new ApiClient(this.url, stdout.trim());
  }

  /** Stops the processes and removes everything but empty files. */
  async remove(): Promise<void> {
    this.removed = true;
    await this.stopWorkers();
    await this.api?.stop();
    await this.queue.close();
    await this.database.end();
    // Without FORCE, which fails while an autovacuum worker of PostgreSQL is connected.
    await execute(this.site.services.databaseUrl, `DROP DATABASE IF EXISTS ${this.name}`);
    await emptyFiles(join(this.site.folder, this.name));
  }

  private async startApi(role: 'api' | 'standalone'): Promise<void> {
    this.api = this.process(role, role);
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

  private process(role: string, name: string): Child {
    if (this.removed) throw new Error('The installation has been removed');
    const profile =
      this.profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(this.profiles, name)}`];
    return Child.start(`Reelport (${name})`, 'dist/src/launch.cjs', {
      args: [role],
      nodeArgs: [...EVENT_LOOP_ARGS, ...profile],
      env: this.environment,
    });
  }

  private async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    await until(what, async () => {
      const ended = [this.api, ...this.workers].find((child) => child.ended);
      if (ended !== undefined) throw ended.failure('ended');
      return holds();
    });
  }
}
