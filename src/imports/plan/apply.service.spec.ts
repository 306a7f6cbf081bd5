import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createProject } from '../../../test/support/accounts.js';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { parseEnvironment } from '../../config/parse-environment.js';
import { databaseOptions } from '../../database/database-options.js';
import { Signals } from '../../database/signals.js';
import { Events } from '../../events/events.js';
import { EventsRepository } from '../../events/events.repository.js';
import { Extensions } from '../../extension/extensions.js';
import { IdempotencyKeysRepository } from '../accept/idempotency-keys.repository.js';
import { IdempotencyKey } from '../idempotency-key.entity.js';
import { ImportTurnsRepository } from '../import-turns.repository.js';
import { ItemRepository } from '../item/item.repository.js';
import { ApplyService } from './apply.service.js';

let database: TestDatabase;
/** With a single connection. */
let narrow: DataSource;

beforeAll(async () => {
  database = await createDatabase();
  const { entities } = database.dataSource.options;
  narrow = await new DataSource({
    ...databaseOptions({ url: database.url, poolSize: 1 }),
    entities,
  }).initialize();
});
afterAll(async () => {
  await narrow?.destroy();
  await database?.drop();
});

it('a repeated application with its key needs no second connection', async () => {
  const { id: projectId } = await createProject(database.dataSource);
  await database.dataSource.query(
    `INSERT INTO imports (id, project_id, kind, system_name, total, mode, state, planned, finished_at)
     VALUES ('plan', $1, 'things', 's', 1, 'plan', 'planned', 1, now())`,
    [projectId],
  );
  await database.dataSource.query(
    `INSERT INTO import_items (import_id, position, external_id, title, payload, origin_host, state, prediction)
     VALUES ('plan', 0, 'a', 'a', '{}', 'h', 'planned', '{"action":"create"}')`,
  );
  const signals = new Signals(parseEnvironment());
  const service = new ApplyService(
    narrow,
    new ImportTurnsRepository(),
    new ItemRepository(narrow),
    new IdempotencyKeysRepository(narrow.getRepository(IdempotencyKey)),
    new Events(new EventsRepository(), signals, new Extensions([])),
    signals,
  );
  const apply = (): Promise<unknown> => service.apply(projectId, 'plan', 'key');
  expect(await apply()).toEqual({ id: 'plan' });
  // Those that wait for their turn may hold all other connections.
  expect(await apply()).toEqual({ id: 'plan' });
});
