import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { databaseOptions } from '../../../src/database/database-options.js';
import { createProject, createToken, TOKEN_SECRET } from '../../support/accounts.js';
import { ApiClient, type NewVideo } from '../../support/api.js';
import { freePort } from '../../support/free-port.js';
import { NodeProcess } from './node-process.js';
import type { Partner, PostedImport, PostedWebhook } from './posted.js';
import { ChaosServices } from './services.js';
import { until } from '../../support/until.js';

/** Enough attempts for an item to outlast every fault of a test. */
const MANY_ATTEMPTS = Array.from({ length: 30 }, (_, n) => `${Math.min(100 * (n + 1), 1_000)}ms`).join(',');

/** Every delay of production, shortened. */
const ENVIRONMENT = {
  TOKEN_SECRET,
  TRUSTED_NETWORKS: '127.0.0.0/8',
  DATABASE_POOL: '5',
  WORKER_CONCURRENCY: '8',
  HOST_CONCURRENCY: '32',
  LEASE_MS: '3s',
  ORPHAN_GRACE_MS: '8s',
  SHUTDOWN_GRACE_MS: '2s',
  RETRY_SCHEDULE: MANY_ATTEMPTS,
  HOST_RETRY_SCHEDULE: '100ms,200ms,500ms',
  WEBHOOK_SCHEDULE: `0s,${MANY_ATTEMPTS}`,
  WEBHOOK_TIMEOUT_MS: '2s',
  MIN_FREE_BYTES: '0',
};

export interface PostOptions {
  webhook?: PostedWebhook;
  headers?: Record<string, string>;
}

/** Places something, such as a proxy, in front of the services. Returns environment variables with its addresses. */
export type Between = (services: ChaosServices) => Promise<Record<string, string>>;

/** A complete Reelport for one test: services, an API process and any number of workers. */
export class ChaosInstallation {
  readonly posted: PostedImport[] = [];
  readonly workers: NodeProcess[] = [];
  private currentApi: NodeProcess | undefined;

  private constructor(
    readonly services: ChaosServices,
    readonly dataDir: string,
    readonly url: string,
    private readonly environment: Record<string, string>,
    private readonly dataSource: DataSource,
    private readonly app: string | undefined,
  ) {}

  /**
   * Starts services and API; the test starts its workers.
   *
   * @param between returns addresses that replace those of the services, such as those of proxies
   * @param app a program that calls `createReelport()`, instead of those of Reelport itself
   */
  static async open(
    environment: Record<string, string> = {},
    between: Between = () => Promise.resolve({}),
    app?: string,
  ): Promise<ChaosInstallation> {
    const [services, dataDir, port] = await Promise.all([
      ChaosServices.start(),
      dataDirOf(environment),
      freePort(),
    ]);
    const url = `http://127.0.0.1:${port}`;
    const dataSource = new DataSource({
      ...databaseOptions({ url: services.databaseUrl, poolSize: 4 }),
      // Broken connections are the subject of these tests.
      logging: false,
    });
    const own = {
      DATABASE_URL: services.databaseUrl,
      REDIS_URL: services.redisUrl,
      PORT: String(port),
      PUBLIC_URL: url,
      DATA_DIR: dataDir,
    };
    const installation = new ChaosInstallation(
      services,
      dataDir,
      url,
      { ...ENVIRONMENT, ...environment, ...own, ...(await between(services)) },
      await dataSource.initialize(),
      app,
    );
    try {
      await mkdir(dataDir, { recursive: true });
      await installation.startApi();
      return installation;
    } catch (error) {
      await installation.close();
      throw error;
    }
  }

  get api(): NodeProcess {
    if (this.currentApi === undefined) throw new Error('There is no API');
    return this.currentApi;
  }

  /** Starts the API on the previous port; resolves when it answers. */
  async startApi(): Promise<void> {
    const api = new NodeProcess('The API', 'api', this.environment, this.app);
    this.currentApi = api;
    const answers = async (): Promise<boolean> => {
      if (!api.isRunning) throw new Error(`The API ended:\n${api.output}`);
      return fetch(`${this.url}/health/live`).then(
        ({ ok }) => ok,
        () => false,
      );
    };
    await until('the API to answer', answers, { explain: () => api.output });
  }

  startWorker(environment: Record<string, string> = {}): NodeProcess {
    const own = { ...this.environment, ...environment };
    const worker = new NodeProcess(`Worker ${this.workers.length + 1}`, 'worker', own, this.app);
    this.workers.push(worker);
    return worker;
  }

  /** Queries the database directly, on a connection of its own. */
  async query<Rows>(sql: string, parameters: unknown[] = []): Promise<Rows> {
    return this.dataSource.query<Rows>(sql, parameters);
  }

  async newPartner(): Promise<Partner> {
    const project = await createProject(this);
    return { project, api: new ApiClient(this.url, await createToken(this, project)) };
  }

  /** Posts a batch like a partner does, and registers it for the audit. */
  async post(
    partner: Partner,
    systemName: string,
    videos: readonly NewVideo[],
    { webhook, headers }: PostOptions = {},
  ): Promise<PostedImport> {
    const { status, body } = await partner.api.call<{ id: string }>('POST', '/api/v1/import/videos', {
      body: { systemName, videos, ...(webhook && { webhook: webhook.receiver.url(webhook.path) }) },
      ...(headers && { headers }),
    });
    if (status !== 200) throw new Error(`The batch was answered ${status}: ${JSON.stringify(body)}`);
    return this.remember({ id: body.id, partner, systemName, videos, webhook, ends: 1 });
  }

  remember(posted: PostedImport): PostedImport {
    this.posted.push(posted);
    return posted;
  }

  /** Resolves when the given imports have finished, or all posted ones. */
  async finished(...imports: readonly PostedImport[]): Promise<void> {
    const ids = (imports.length > 0 ? imports : this.posted).map(({ id }) => id);
    await until(
      `${ids.length} imports to finish`,
      async () => {
        const rows = await this.query<Array<{ open: number }>>(
          `SELECT count(*)::integer AS open FROM imports WHERE id = ANY($1) AND finished_at IS NULL`,
          [ids],
        );
        return rows[0]?.open === 0;
      },
      { timeoutMs: 240_000, explain: () => this.describe() },
    );
  }

  /** The state of everything, for the message of a timeout. */
  async describe(): Promise<string> {
    const states = await this.query(
      `SELECT import_id, state, code, reason, count(*)::integer, max(tries) AS tries, max(lost) AS lost, max(due_at) - now() AS due_in
       FROM import_items GROUP BY 1, 2, 3, 4 ORDER BY 1, 2`,
    );
    const hosts = await this.query('SELECT * FROM origin_hosts');
    const deliveries = await this.query(
      'SELECT id, import_id, state, attempts, next_attempt_at - now() AS due_in FROM webhook_deliveries',
    );
    const outputs = [this.currentApi, ...this.workers].map(
      (process) =>
        process && `── ${process.name} (${process.isRunning ? 'running' : 'ended'})\n${process.output}`,
    );
    return [JSON.stringify({ states, hosts, deliveries }, null, 1), ...outputs].join('\n');
  }

  /** Ends all processes and removes their files. */
  async close(): Promise<void> {
    const processes = [...this.workers, ...(this.currentApi ? [this.currentApi] : [])];
    await Promise.all(processes.map((process) => process.end('SIGKILL')));
    await this.dataSource.destroy();
    await this.services.remove();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** A batch of videos at these URLs; the index of a URL is the id. */
export function batchOf(urls: readonly string[]): NewVideo[] {
  return urls.map((url, index) => ({ id: `v${index}`, url, fileName: `Video ${index}`, metadata: {} }));
}

/** A webhook with a path of its own. */
export function webhookAt(receiver: PostedWebhook['receiver'], ends?: PostedWebhook['ends']): PostedWebhook {
  return { receiver, path: `/${randomUUID()}`, ...(ends && { ends }) };
}

function dataDirOf(environment: Record<string, string>): Promise<string> {
  const given = environment['DATA_DIR'];
  return given === undefined ? mkdtemp(join(tmpdir(), 'reelport-chaos-data-')) : Promise.resolve(given);
}
