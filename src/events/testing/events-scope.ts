import { ModuleRef } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import type { DataSource } from 'typeorm';
import { createProject } from '../../../test/support/accounts.js';
import { createDatabase } from '../../../test/support/database.js';
import { parseEnvironment } from '../../config/parse-environment.js';
import { Signals } from '../../database/signals.js';
import type { ImportAccepted, ListenerPart, ReelportEvent } from '../../extension/define-listener.js';
import { Extensions } from '../../extension/extensions.js';
import { openProcessScope } from '../../process/testing/process-scope.js';
import { EventDelivery } from '../event-delivery.entity.js';
import { EventDeliverer } from '../event-deliverer.js';
import { EventDeliveriesRepository } from '../event-deliveries.repository.js';
import { Events } from '../events.js';
import { EventsRepository } from '../events.repository.js';
import { ListenerCall } from '../listener-call.js';

/** Environment variables of a test. */
type Settings = Record<string, string>;

/** Attempts follow each other at once and end long before the test times out. */
const SETTINGS: Settings = { LISTENER_SCHEDULE: '0s,0s', SHUTDOWN_GRACE_MS: '30s' };

/** A database with events, and everything that a test starts and must stop. */
export interface EventsScope {
  dataSource: DataSource;
  repository: EventDeliveriesRepository;
  signals: Signals;
  projectId: number;
  /** The events as a process with these listeners records them. */
  events(listeners: readonly ListenerPart[]): Events;
  /** Records one event of this type for each id of an import. */
  record(listeners: readonly ListenerPart[], importIds: readonly string[]): Promise<void>;
  /** Starts a deliverer with its own lifecycle. @returns its shutdown */
  deliver(
    listeners: readonly ListenerPart[],
    settings?: Settings,
    repository?: EventDeliveriesRepository,
  ): () => Promise<void>;
  deliveries(): Promise<EventDelivery[]>;
  countEvents(): Promise<number>;
  /** Expires all leases, and makes all scheduled deliveries due. */
  expireLeases(): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openEventsScope(): Promise<EventsScope> {
  const database = await createDatabase();
  const { dataSource } = database;
  const { id: projectId } = await createProject(dataSource);
  const modules: TestingModule = await Test.createTestingModule({}).compile();
  const signals = new Signals(parseEnvironment({ DATABASE_URL: database.url }));
  const repository = new EventDeliveriesRepository(dataSource);
  const events: EventsScope['events'] = (listeners) =>
    new Events(new EventsRepository(), signals, new Extensions([{ name: 'test', listeners }]));

  return {
    dataSource,
    repository,
    signals,
    projectId,
    events,
    record: (listeners, importIds) =>
      dataSource.transaction((tx) =>
        events(listeners).record(
          tx,
          importIds.map((importId) => accepted(projectId, importId)),
        ),
      ),
    deliver: (listeners, settings = {}, own = repository) => {
      const { lifecycle, tasks, watchdog, shutDown } = openProcessScope({ ...SETTINGS, ...settings });
      new EventDeliverer(
        signals,
        own,
        new ListenerCall(modules.get(ModuleRef)),
        lifecycle,
        tasks,
        watchdog,
        parseEnvironment({ ...SETTINGS, ...settings }),
        new Extensions([{ name: 'test', listeners }]),
      ).onApplicationBootstrap();
      return shutDown;
    },
    deliveries: () => dataSource.getRepository(EventDelivery).find({ order: { eventId: 'ASC' } }),
    countEvents: async () => {
      const [{ count }] = await dataSource.query<[{ count: number }]>(
        'SELECT count(*)::integer AS count FROM events',
      );
      return count;
    },
    expireLeases: async () => {
      await dataSource.query(
        `UPDATE event_deliveries SET next_attempt_at = now() - interval '1 second' WHERE state = 'pending'`,
      );
    },
    clear: async () => {
      await dataSource.query('DELETE FROM events');
    },
    close: async () => {
      await signals.beforeApplicationShutdown();
      await database.drop();
    },
  };
}

/** An event of an accepted batch. */
export function accepted(projectId: number, importId: string): ImportAccepted {
  return { type: 'import.accepted', projectId, importId, kind: 'videos', systemName: 'archive', total: 1 };
}

/** A listener of accepted batches. */
export function listenerNamed(
  name: string,
  handle: ListenerPart['handle'] = () => Promise.resolve(),
  timeoutMs = 60_000,
): ListenerPart {
  return { name, on: ['import.accepted'], timeoutMs, handle };
}

export function importIdOf(event: ReelportEvent): string {
  return event.importId;
}
