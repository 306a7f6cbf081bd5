import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Signals } from '../../database/signals.js';

/** Time between two signals of this process. A commit with a signal of its own would wait for those of all others. */
const EVERY_MS = 200;

/** Tells the readers of events that there are new ones. They poll as well, so a lost signal costs a second. */
@Injectable()
export class EventNews implements OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly signals: Signals,
  ) {}

  /** Call when events have been written; the signal follows after their commit. */
  announce(): void {
    this.timer ??= setTimeout(() => void this.send(), EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearTimeout(this.timer);
  }

  private async send(): Promise<void> {
    this.timer = undefined;
    await this.signals.send(this.dataSource.manager, 'import_events').catch(() => undefined); // readers poll
  }
}
