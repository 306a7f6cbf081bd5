import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createProject } from '../../test/support/accounts.js';
import { Extensions } from '../extension/extensions.js';
import { DeadLettersQueryDto } from './dead-letter.dto.js';
import { DeadLettersRepository } from './dead-letters.repository.js';
import { DeadLettersService } from './dead-letters.service.js';
import { EventDelivery } from './event-delivery.entity.js';
import { EventsBacklogRepository } from './events-backlog.repository.js';
import { listenerNamed, openEventsScope, type EventsScope } from './testing/events-scope.js';

const diary = listenerNamed('diary');
const SLOTS = [{ listener: 'diary', free: 100, leaseMs: 60_000 }];

let scope: EventsScope;
let stranger: number;
let service: DeadLettersService;

beforeAll(async () => {
  scope = await openEventsScope();
  ({ id: stranger } = await createProject(scope.dataSource));
});
beforeEach(() => {
  const { dataSource, signals } = scope;
  const repository = new DeadLettersRepository(dataSource.getRepository(EventDelivery));
  service = new DeadLettersService(repository, dataSource, signals);
});
afterEach(() => scope.clear());
afterAll(() => scope.close());

/** Records events and gives them up. */
async function giveUp(importIds: readonly string[]): Promise<void> {
  await scope.record([diary], importIds);
  for (const due of await scope.repository.claim(SLOTS, 8))
    await scope.repository.fail(due, 'Error: No space left', null);
}

function query(fields: Partial<DeadLettersQueryDto> = {}): DeadLettersQueryDto {
  return Object.assign(new DeadLettersQueryDto(), fields);
}

describe('list', () => {
  it('shows a dead letter with its event', async () => {
    await giveUp(['a']);
    expect(await service.list(scope.projectId, query())).toEqual({
      results: [
        {
          id: expect.any(String),
          listener: 'diary',
          event: {
            type: 'import.accepted',
            occurredAt: expect.any(Date),
            importId: 'a',
            kind: 'videos',
            systemName: 'archive',
          },
          attempts: 1,
          lastError: 'Error: No space left',
          failedAt: expect.any(Date),
        },
      ],
    });
  });

  it('shows neither pending deliveries nor those of other projects', async () => {
    await scope.record([diary], ['a']);
    expect(await service.list(scope.projectId, query())).toEqual({ results: [] });
    await giveUp(['b']);
    expect(await service.list(stranger, query())).toEqual({ results: [] });
  });

  it('returns each one once across pages, also if those of a page are retried and delivered', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `import${index}`);
    await giveUp(names);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const { results, cursor } = await service.list(scope.projectId, query({ limit: 2, after }));
      for (const { id } of results) await service.retry(scope.projectId, id);
      await scope.repository.remove(results.map(({ id }) => id));
      seen.push(...results.map(({ event }) => event.importId));
      after = cursor;
    } while (after !== undefined);
    expect(seen.toSorted()).toEqual(names);
  });

  it.each(['x', 'p4', '1-0b5fd4a4', '99999999999999999-0b5fd4a4-7c0e-4ef0-9a5c-0f3c2a9f6d11'])(
    'refuses the cursor %s',
    async (after) => {
      await expect(service.list(scope.projectId, query({ after }))).rejects.toMatchObject({
        statusCode: 400,
      });
    },
  );

  it('accepts every time in a cursor', async () => {
    const after = '999999999999999-0b5fd4a4-7c0e-4ef0-9a5c-0f3c2a9f6d11';
    expect(await service.list(scope.projectId, query({ after }))).toEqual({ results: [] });
  });
});

describe('retry', () => {
  it('makes a dead letter due at once, with its id and a new schedule', async () => {
    await giveUp(['a']);
    const [{ id }] = (await service.list(scope.projectId, query())).results;
    expect(await service.retry(scope.projectId, id)).toEqual({ id });
    expect(await scope.repository.claim(SLOTS, 8)).toMatchObject([{ id, attempt: 2, scheduled: 1 }]);
    await expect(service.retry(scope.projectId, id)).rejects.toMatchObject({ statusCode: 404 });
  });

  it('refuses those of other projects and invalid ids', async () => {
    await giveUp(['a']);
    const [{ id }] = await scope.deliveries();
    for (const [project, unknown] of [
      [stranger, id],
      [scope.projectId, '00000000-0000-4000-8000-000000000000'],
      [scope.projectId, 'x'],
      [scope.projectId, `${id}\0`],
    ] as const)
      await expect(service.retry(project, unknown)).rejects.toMatchObject({ statusCode: 404 });
    expect(await scope.deliveries()).toMatchObject([{ state: 'dead' }]);
  });
});

/** The backlog as a process with these listeners sees it. */
function backlogOf(...names: string[]): EventsBacklogRepository {
  const listeners = names.map((name) => listenerNamed(name));
  return new EventsBacklogRepository(scope.dataSource, new Extensions([{ name: 'test', listeners }]));
}

describe('the backlog', () => {
  it('counts deliveries by listener, also for those without any and those not installed', async () => {
    await giveUp(['a', 'b']);
    await scope.record([diary, listenerNamed('gone')], ['c']);
    const rows = await backlogOf('diary', 'idle').byListener();
    expect(rows.toSorted((a, b) => a.listener.localeCompare(b.listener))).toEqual([
      { listener: 'diary', pending: 1, dead: 2 },
      { listener: 'gone', pending: 1, dead: 0 },
      { listener: 'idle', pending: 0, dead: 0 },
    ]);
  });

  it('names why events wait', async () => {
    expect(await backlogOf('diary').reasons()).toEqual([]);
    await scope.record([diary], ['a']);
    expect(await backlogOf('diary').reasons()).toEqual([]);
    expect(await backlogOf('search').reasons()).toEqual(['listener_missing']);
    await giveUp(['b']);
    expect(await backlogOf('diary').reasons()).toEqual(['dead_letters']);
  });
});
