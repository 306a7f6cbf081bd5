import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PeriodicTasks } from '../../process/periodic-tasks.js';
import { Outbox, type OutboxMessage } from '../../webhooks/outbox.js';
import { EventBodies, type ReadEvent } from './event-bodies.js';
import { ImportEventsRepository } from './import-events.repository.js';

const EVERY_MS = 1_000;
/** Imports per query. */
const IMPORTS = 50;
/** Events per transaction. */
const PAGE = 20;

/** An import with events that are in no delivery yet. */
interface UntoldImport {
  id: string;
  projectId: number;
  webhook: string;
  webhookEvents: string[];
  /** Last event that is in a delivery. */
  toldEventId: string;
}

/**
 * Enqueues the webhooks of imports that ask for `items.finished`, in the order of their events, with the end of the
 * import last. The import keeps its place in the transaction that adds the deliveries, so each event is in one delivery,
 * whatever happens to this process. Runs in the API process, which knows the URLs of results.
 */
@Injectable()
export class ItemsWebhooks implements OnApplicationBootstrap {
  constructor(
    private readonly dataSource: DataSource,
    private readonly events: ImportEventsRepository,
    private readonly bodies: EventBodies,
    private readonly outbox: Outbox,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.start({ name: 'Bundling webhooks', everyMs: EVERY_MS, run: (signal) => this.tellAll(signal) });
  }

  private async tellAll(signal: AbortSignal): Promise<void> {
    // One page of each import in turn: those that keep finishing items must not hold up the others.
    for (let after = ''; ;) {
      const untold = await this.untold(after);
      for (const each of untold) {
        if (signal.aborted) return;
        await this.tell(each);
      }
      const last = untold.at(-1);
      if (last === undefined && after === '') return;
      after = last?.id ?? '';
    }
  }

  private untold(after: string): Promise<UntoldImport[]> {
    return this.dataSource.query(
      `SELECT id, project_id AS "projectId", webhook, webhook_events AS "webhookEvents", told_event_id AS "toldEventId"
       FROM imports import
       WHERE told_event_id IS NOT NULL AND id > $1
         AND EXISTS (SELECT FROM import_events WHERE import_id = import.id AND id > import.told_event_id)
       ORDER BY id LIMIT ${IMPORTS}`,
      [after],
    );
  }

  /** Reads a page of events without a lock, and adds their deliveries if no other process was faster. */
  private async tell({ id, projectId, webhook, webhookEvents, toldEventId }: UntoldImport): Promise<void> {
    const place = { subject: { importId: id }, after: Number(toldEventId) };
    const rows = await this.events.page(place, Infinity, PAGE);
    const read = await this.bodies.of(rows);
    const last = rows.at(-1)?.id;
    if (last === undefined) return;
    await this.dataSource.transaction(async (tx) => {
      const [locked]: Array<{ toldEventId: string | null; isFinished: boolean }> = await tx.query(
        `SELECT told_event_id AS "toldEventId", finished_at IS NOT NULL AS "isFinished"
         FROM imports WHERE id = $1 FOR NO KEY UPDATE`,
        [id],
      );
      if (locked?.toldEventId !== toldEventId) return;
      // With the lock, because the transaction that finishes the import holds it as well.
      const isEnd = locked.isFinished && (await this.events.lastOf(id, tx)) === last;
      const wanted = read.filter(
        // An end that a retry has made obsolete is not told.
        ({ type, id: eventId }) =>
          webhookEvents.includes(type) && (type !== 'import.finished' || (isEnd && eventId === last)),
      );
      await this.outbox.enqueue(
        tx,
        wanted.map((event) => messageOf(event, { projectId, url: webhook })),
      );
      await tx.query('UPDATE imports SET told_event_id = $2 WHERE id = $1', [id, isEnd ? null : last]);
    });
  }
}

function messageOf(
  { about, type, body }: ReadEvent,
  { projectId, url }: { projectId: number; url: string },
): OutboxMessage {
  return { projectId, importId: about.id, url, type, body };
}
