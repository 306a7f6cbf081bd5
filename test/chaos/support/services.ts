import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { startServices, type SomeServices } from '#libs/embedded';
import { freePort } from '../../support/free-port.js';

const run = promisify(execFile);

type Kind = 'database' | 'redis';

/** A service that can be killed while clients use it, and restarts at the same address. */
class RestartableService {
  private running: SomeServices | undefined;

  constructor(
    private readonly kind: Kind,
    private readonly dataDir: string,
    private readonly addresses: { databasePort?: number; redisSocket?: string },
  ) {}

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** @returns the URL, the same after every start */
  async start(): Promise<string> {
    const need = { database: this.kind === 'database', redis: this.kind === 'redis' };
    const { dataDir, addresses } = this;
    this.running = await startServices({ dataDir, need, addresses });
    const url = this.running.databaseUrl ?? this.running.redisUrl;
    if (url === undefined) throw new Error(`${this.kind} did not start`);
    return url;
  }

  /** Kills it without an orderly shutdown; resolves when it has exited. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    await this.signal(signal);
    await this.stop();
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    const record: Partial<Record<Kind, { process: { pid: number } }>> = JSON.parse(
      await readFile(join(this.dataDir, 'embedded/running.json'), 'utf8'),
    );
    const pid = record[this.kind]?.process.pid;
    if (pid === undefined) throw new Error(`${this.kind} does not run`);
    process.kill(pid, signal);
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }
}

/** PostgreSQL with production durability, and Redis without persistence. */
export class ChaosServices {
  databaseUrl = '';
  redisUrl = '';

  private constructor(
    private readonly folder: string,
    private readonly postgres: RestartableService,
    private readonly redis: RestartableService,
  ) {}

  static async start(): Promise<ChaosServices> {
    const folder = await mkdtemp(join(tmpdir(), 'reelport-chaos-'));
    // If root runs the tests, PostgreSQL runs as another user, which has to be able to enter.
    await chmod(folder, 0o711);
    const database = join(folder, 'postgres');
    // Keeps the owners of the files.
    await run('cp', ['-a', inject('databaseTemplate'), database]);
    const services = new ChaosServices(
      folder,
      new RestartableService('database', database, { databasePort: await freePort() }),
      new RestartableService('redis', join(folder, 'redis'), { redisSocket: join(folder, 'redis.sock') }),
    );
    [services.databaseUrl, services.redisUrl] = await Promise.all([
      services.postgres.start(),
      services.redis.start(),
    ]);
    return services;
  }

  /** Immediate mode: connections break at once, and the next start recovers from the WAL. */
  stopPostgresAtOnce(): Promise<void> {
    return this.postgres.kill('SIGQUIT');
  }

  async startPostgres(): Promise<void> {
    await this.postgres.start();
  }

  /** Makes PostgreSQL reject or accept writes on open connections, like a demoted primary. */
  async setReadOnly(isReadOnly: boolean): Promise<void> {
    const settings = join(this.folder, 'postgres/embedded/postgres/data/postgresql.auto.conf');
    await appendFile(settings, `default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}\n`);
    await this.postgres.signal('SIGHUP');
  }

  killRedis(): Promise<void> {
    return this.redis.kill('SIGKILL');
  }

  /** Restarts it empty: it does not persist anything. */
  async startRedis(): Promise<void> {
    await this.redis.start();
  }

  /** Stops both services and removes their files. */
  async remove(): Promise<void> {
    await Promise.all([this.postgres.stop(), this.redis.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }
}
