import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { inject } from 'vitest';
import { ConfigModule } from '../../src/config/config.module.js';
import { parseEnvironment } from '../../src/config/parse-environment.js';
import { CoreModule } from '../../src/core.module.js';
import type { Extension } from '../../src/extension/define-extension.js';
import { Extensions } from '../../src/extension/extensions.js';
import { ExtensionsModule } from '../../src/extension/extensions.module.js';
import { EventsWorkerModule } from '../../src/events/events-worker.module.js';
import { AcceptService } from '../../src/imports/accept/accept.service.js';
import { ImportsApiModule } from '../../src/imports/imports-api.module.js';
import { ImportsWorkerModule } from '../../src/imports/imports-worker.module.js';
import { ItemWorkers } from '../../src/imports/item-workers.js';
import { ProjectsModule } from '../../src/projects/projects.module.js';
import { createProject } from '../support/accounts.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import type { StubKind } from './stub-kind.js';

@Module({ imports: [CoreModule, ProjectsModule, ImportsWorkerModule, EventsWorkerModule] })
class EngineModule {}

@Module({ imports: [CoreModule, ProjectsModule, ImportsApiModule] })
class PartnerModule {}

/** An item of a test: its id and its host. */
export interface StubItem {
  id: string;
  host: string;
}

/** Items `NAME-0`, `NAME-1` … of one host. */
export function itemsOf(name: string, count: number, host = 'h'): StubItem[] {
  return Array.from({ length: count }, (_, index) => ({ id: `${name}-${index}`, host }));
}

/** A database and a key prefix, with any number of engines in this process. */
export class EngineScope {
  private readonly apps: INestApplicationContext[] = [];
  private readonly prefix = `test-${randomUUID()}`;
  private partner!: INestApplicationContext;

  private constructor(
    readonly database: TestDatabase,
    private readonly extensions: Extensions,
  ) {}

  /** @param extensions those of every process */
  static async open(extensions: readonly Extension[] = []): Promise<EngineScope> {
    const scope = new EngineScope(await createDatabase(), new Extensions(extensions));
    scope.partner = await scope.start(PartnerModule, {});
    return scope;
  }

  async close(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.close()));
    await this.database.drop();
  }

  /** Starts a worker that can run these kinds. @param settings environment variables */
  async startWorker(
    kinds: readonly StubKind[],
    settings: Record<string, string> = {},
  ): Promise<INestApplicationContext> {
    return this.start(EngineModule, settings, kinds);
  }

  /** A provider of the API. */
  api<T>(type: new (...args: never[]) => T): T {
    return this.partner.get<T>(type);
  }

  async newProject(): Promise<number> {
    return (await createProject(this.database.dataSource)).id;
  }

  /** Accepts an import. @returns its id */
  async post(
    projectId: number,
    kind: string,
    items: readonly StubItem[],
    more: { priority?: number } = {},
  ): Promise<string> {
    const { id } = await this.api(AcceptService).accept({
      projectId,
      kind,
      systemName: 'stubs',
      webhook: null,
      context: null,
      mode: 'run',
      createdBy: { id: 'test', name: 'test' },
      items: items.map(({ id: externalId, host }) => ({
        externalId,
        title: externalId,
        payload: {},
        originHost: host,
      })),
      sent: { head: {}, entries: [] },
      ...more,
    });
    return id;
  }

  /** States, codes and numbers of the items of an import, such as `{ 'success': 3, 'failed INTERNAL': 1 }`. */
  async states(importId: string): Promise<Record<string, number>> {
    const rows = await this.database.dataSource.query<Array<{ state: string; count: number }>>(
      `SELECT concat_ws(' ', state, code) AS state, count(*)::integer AS count FROM import_items
       WHERE import_id = $1 GROUP BY 1`,
      [importId],
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  private async start(
    module: new () => object,
    settings: Record<string, string>,
    kinds: readonly StubKind[] = [],
  ): Promise<INestApplicationContext> {
    const environment = parseEnvironment({
      DATABASE_URL: this.database.url,
      REDIS_URL: inject('redisUrl'),
      REDIS_PREFIX: this.prefix,
      DATABASE_POOL: '5',
      MIN_FREE_BYTES: '0',
      LEASE_MS: '3s',
      RETRY_SCHEDULE: '10ms',
      SHUTDOWN_GRACE_MS: '1s',
      ...settings,
    });
    const registered = {
      provide: 'stub kinds',
      inject: [ItemWorkers],
      useFactory: (workers: ItemWorkers): void => kinds.forEach((kind) => workers.add(kind.name, kind)),
    };
    const app = await NestFactory.createApplicationContext(
      {
        module,
        imports: [ConfigModule.forRoot(environment), ExtensionsModule.forRoot(this.extensions)],
        providers: module === EngineModule ? [registered] : [],
      },
      { logger: false, abortOnError: false },
    );
    this.apps.push(app);
    return app;
  }
}
