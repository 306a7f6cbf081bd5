import 'reflect-metadata';
import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createProject } from '../../../test/support/accounts.js';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { parseEnvironment } from '../../config/parse-environment.js';
import { Signals } from '../../database/signals.js';
import { Extensions } from '../../extension/extensions.js';
import { openProcessScope } from '../../process/testing/process-scope.js';
import { Outbox, type OutboxMessage } from '../../webhooks/outbox.js';
import { OutboxRepository } from '../../webhooks/outbox.repository.js';
import { ImportKinds } from '../import-kinds.js';
import { EventBodies } from './event-bodies.js';
import { ExpiredEvents } from './expired-events.js';
import { ImportEventsRepository } from './import-events.repository.js';
import { ItemsWebhooks } from './items-webhooks.js';

/** More imports than one query reads. */
const BUSY = 60;

let database: TestDatabase;
let projectId: number;

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.dataSource.query('TRUNCATE projects, webhook_deliveries CASCADE');
  ({ id: projectId } = await createProject(database.dataSource));
});

/** Adds imports with one event each. @param events what their webhooks receive */
async function addImports(ids: readonly string[], events = ['items.finished']): Promise<void> {
  await database.dataSource.query(
    `INSERT INTO imports (id, project_id, kind, system_name, total, webhook, webhook_events, told_event_id)
     SELECT id, $1, 'things', 's', 1, 'http://receiver.example/', $3,
       CASE WHEN 'items.finished' = ANY($3) THEN 0 END
     FROM unnest($2::text[]) AS id`,
    [projectId, ids, events],
  );
  await addEvents(database.dataSource.manager, ids);
}

async function addEvents(tx: EntityManager, importIds: readonly string[]): Promise<void> {
  await tx.query(
    `INSERT INTO import_events (project_id, import_id, type, body)
     SELECT $1, id, 'items.finished', '{"items":[]}' FROM unnest($2::text[]) AS id`,
    [projectId, importIds],
  );
}

async function toldImports(): Promise<string[]> {
  const rows = await database.dataSource.query<Array<{ id: string }>>(
    'SELECT DISTINCT import_id AS id FROM webhook_deliveries ORDER BY 1',
  );
  return rows.map(({ id }) => id);
}

/** Starts the bundling of a process. @returns its shutdown */
function start(outbox = newOutbox(Outbox)): () => Promise<void> {
  const { tasks, shutDown } = openProcessScope();
  const events = new ImportEventsRepository(database.dataSource);
  const bodies = new EventBodies(events, new ImportKinds(new Extensions([])));
  new ItemsWebhooks(database.dataSource, events, bodies, outbox, tasks).onApplicationBootstrap();
  return shutDown;
}

function newOutbox(Class: typeof Outbox): Outbox {
  const environment = parseEnvironment();
  return new Class(new OutboxRepository(database.dataSource), new Signals(environment), environment);
}

it('the webhook of an import does not wait for those of others that keep finishing items', async () => {
  /** Further items have finished by the time that their predecessors are in a delivery. */
  class Busy extends Outbox {
    override async enqueue(tx: EntityManager, messages: readonly OutboxMessage[]): Promise<void> {
      await super.enqueue(tx, messages);
      const busy = messages.flatMap(({ importId }) => (importId === 'quiet' ? [] : [importId]));
      await addEvents(tx, busy);
    }
  }
  await addImports(Array.from({ length: BUSY }, (_, index) => `busy${index}`));
  await addImports(['quiet']);
  const stop = start(newOutbox(Busy));
  try {
    await expect.poll(toldImports).toContain('quiet');
  } finally {
    await stop();
  }
});

it('events stay beyond their retention until their webhook is enqueued', async () => {
  await addImports(['untold']);
  await addImports(['other'], ['import.finished']);
  await database.dataSource.query(`UPDATE import_events SET created_at = now() - interval '1 year'`);
  const expired = new ExpiredEvents(database.dataSource, parseEnvironment());
  await expired.remove(new AbortController().signal);
  const left = 'SELECT import_id AS "importId" FROM import_events';
  expect(await database.dataSource.query(left)).toEqual([{ importId: 'untold' }]);
  const stop = start();
  try {
    await expect.poll(toldImports).toEqual(['untold']);
  } finally {
    await stop();
  }
  await expired.remove(new AbortController().signal);
  expect(await database.dataSource.query(left)).toEqual([]);
});
