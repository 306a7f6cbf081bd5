import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Signals } from '../database/signals.js';
import type { EventType, ReelportEvent } from '../extension/define-listener.js';
import { Extensions } from '../extension/extensions.js';
import { EventsRepository, type Subscription } from './events.repository.js';

/** Stores events in the transaction that causes them, for the listeners of this process. */
@Injectable()
export class Events {
  private readonly subscriptions: readonly Subscription[];
  private readonly wanted: ReadonlySet<EventType>;

  constructor(
    private readonly repository: EventsRepository,
    private readonly signals: Signals,
    extensions: Extensions,
  ) {
    this.subscriptions = extensions.listeners.flatMap(({ name, on }) =>
      [...new Set(on)].map((type) => ({ type, listener: name })),
    );
    this.wanted = new Set(this.subscriptions.map(({ type }) => type));
  }

  /**
   * Adds events in one statement; nothing if no listener wants them.
   *
   * @param tx the transaction that causes them
   */
  async record(tx: EntityManager, events: readonly ReelportEvent[]): Promise<void> {
    const wanted = events.filter(({ type }) => this.wanted.has(type));
    if (wanted.length === 0) return;
    await this.repository.insert(tx, wanted, this.subscriptions);
    await this.signals.send(tx, 'events_due');
  }
}
