import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConsoleLogger, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { inject } from 'vitest';
import { hostKey } from '#libs/outbound-http';
import { parseEnvironment } from '../../src/config/parse-environment.js';
import type { Extension } from '../../src/extension/define-extension.js';
import { AcceptService } from '../../src/imports/accept/accept.service.js';
import type { NewItem } from '../../src/imports/import-kind.js';
import { Extensions } from '../../src/extension/extensions.js';
import { installedExtensions } from '../../src/installed-extensions.js';
import { WorkerModule } from '../../src/worker.module.js';
import { createProject } from '../support/accounts.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { startOrigin, type Origin } from '../support/origin.js';

/** An item as its row shows it. */
export interface ItemRow {
  externalId: string;
  state: string;
  code: string | null;
  reason: string | null;
  result: Record<string, unknown> | null;
}

/** Keeps what is logged. */
class KeptLog extends ConsoleLogger {
  text = '';

  protected override printMessages(messages: unknown[]): void {
    this.text += `${messages.join(' ')}\n`;
  }

  protected override printStackTrace(stack: string): void {
    this.text += `${stack}\n`;
  }
}

/** A worker with extensions in this process, on a database and an archive of its own. */
export class Installation {
  private readonly log = new KeptLog();
  private readonly apps: INestApplicationContext[] = [];
  private readonly prefix = `test-${randomUUID()}`;
  private made: number | undefined;

  private constructor(
    readonly database: TestDatabase,
    readonly origin: Origin,
    private readonly dataDir: string,
  ) {}

  static async open(): Promise<Installation> {
    const dataDir = await mkdtemp(join(tmpdir(), 'reelport-kinds-'));
    return new Installation(await createDatabase(), await startOrigin(), dataDir);
  }

  async close(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.close()));
    await this.origin.close();
    await this.database.drop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** Environment variables of its workers. */
  get environment(): Record<string, string> {
    return {
      DATABASE_URL: this.database.url,
      REDIS_URL: inject('redisUrl'),
      REDIS_PREFIX: this.prefix,
      DATA_DIR: this.dataDir,
      TRUSTED_NETWORKS: '127.0.0.0/8',
      DATABASE_POOL: '5',
      MIN_FREE_BYTES: '0',
      LEASE_MS: '3s',
      RETRY_SCHEDULE: '10ms',
      SHUTDOWN_GRACE_MS: '1s',
    };
  }

  /** Starts a worker with these extensions. @param entry program of isolated kinds */
  async start(
    extensions: readonly Extension[],
    settings: Record<string, string> = {},
    entry?: URL,
  ): Promise<INestApplicationContext> {
    const { additions } = new Extensions(extensions);
    const environment = parseEnvironment({ ...this.environment, ...settings }, additions);
    const program = entry && { entry, execArgv: [] };
    const app = await NestFactory.createApplicationContext(
      WorkerModule.of(environment, installedExtensions(environment, extensions, program)),
      { logger: this.log, abortOnError: false },
    );
    this.apps.push(app);
    return app;
  }

  /** Everything that the workers have logged. */
  get logged(): string {
    return this.log.text;
  }

  /** Id of the project of its imports. */
  async projectId(): Promise<number> {
    this.made ??= (await createProject(this.database.dataSource)).id;
    return this.made;
  }

  /** Serves bytes, and accepts an import of them. @returns its id */
  async importFiles(kind: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
    return this.accept(
      kind,
      Object.entries(files).map(([externalId, bytes]): NewItem => {
        const path = `/${randomUUID()}`;
        this.origin.serve(path, Buffer.from(bytes));
        const url = this.origin.url(path);
        return { externalId, title: externalId, payload: { url, metadata: {} }, originHost: hostKey(url) };
      }),
    );
  }

  /** Accepts an import of items that contact no host. @returns its id */
  async importItems(kind: string, items: Readonly<Record<string, object>>): Promise<string> {
    return this.accept(
      kind,
      Object.entries(items).map(([externalId, payload]) => ({
        externalId,
        title: externalId,
        payload,
        originHost: null,
      })),
    );
  }

  async items(importId: string): Promise<ItemRow[]> {
    return this.database.dataSource.query(
      `SELECT external_id AS "externalId", state, code, reason, result FROM import_items
       WHERE import_id = $1 ORDER BY position`,
      [importId],
    );
  }

  /** States and codes of the items in the order of the import, such as `failed INTERNAL`. */
  async states(importId: string): Promise<string[]> {
    return (await this.items(importId)).map(({ state, code }) =>
      code === null ? state : `${state} ${code}`,
    );
  }

  /** Accepts an import. @returns its id */
  async accept(kind: string, items: readonly NewItem[], projectId?: number): Promise<string> {
    const [app] = this.apps;
    if (app === undefined) throw new Error('No worker was started');
    const { id } = await app.get(AcceptService, { strict: false }).accept({
      projectId: projectId ?? (await this.projectId()),
      kind,
      systemName: 'archive',
      webhook: null,
      context: null,
      mode: 'run',
      createdBy: { id: 'test', name: 'test' },
      items,
      sent: { head: {}, entries: [] },
    });
    return id;
  }
}
