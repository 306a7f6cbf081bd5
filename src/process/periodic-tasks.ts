import { Injectable, Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Lifecycle } from './lifecycle.js';
import { OutageLog } from './outage-log.js';
import { StallWatchdog } from './stall-watchdog.js';
import { TimeLimitError, withTimeLimit } from './time-limit.js';

export interface PeriodicTask {
  /** Unique in the process; the subject of its log lines. */
  name: string;
  /** Milliseconds from one turn to the next. */
  everyMs: number;
  /** One turn. A turn in flight when the next one is due is not joined by another. */
  run: (signal: AbortSignal) => void | Promise<void>;
  /**
   * When the last turn is made: before in-flight work is waited for, or after it has ended. Default: `draining`.
   */
  until?: 'draining' | 'drained';
  /** Milliseconds after which the signal of a turn aborts. Default: 30 000. */
  limitMs?: number;
}

/** What a turn may take beyond its limit, in milliseconds, to react to its signal. */
const REACTION_MS = 5_000;
const DEFAULT_LIMIT_MS = 30_000;

/**
 * What a process does by the clock. @nestjs/schedule keeps the timers; it neither limits a turn, nor keeps turns apart,
 * nor has tasks that go on while the application drains.
 */
@Injectable()
export class PeriodicTasks {
  private readonly outages = new OutageLog(new Logger(PeriodicTasks.name));

  constructor(
    private readonly registry: SchedulerRegistry,
    private readonly lifecycle: Lifecycle,
    private readonly watchdog: StallWatchdog,
  ) {}

  /** Starts a task; its first turn is made after `everyMs`. */
  start(task: PeriodicTask): void {
    const { name, everyMs, until = 'draining' } = task;
    let turn: Turn | null = null;
    const timer = setInterval(() => {
      if (turn !== null) return;
      const current = this.turn(task);
      turn = current;
      void current.done.then(() => (turn = null));
    }, everyMs);
    this.registry.addInterval(name, timer);
    this.lifecycle.on(until === 'draining' ? 'stop' : 'quiet', name, async () => {
      this.registry.deleteInterval(name);
      turn?.stop();
      await turn?.done;
    });
  }

  /** Makes one turn now, beside the clock. Never throws. */
  async once(name: string, run: PeriodicTask['run']): Promise<void> {
    await this.turn({ name, everyMs: 0, run }).done;
  }

  private turn({ name, run, limitMs = DEFAULT_LIMIT_MS }: PeriodicTask): Turn {
    // A signal of its own for each turn: AbortSignal.any would leave something behind in a long-lived signal.
    const controller = new AbortController();
    const limit = setTimeout(() => controller.abort(new TimeLimitError(name, limitMs)), limitMs);
    let stopped = false;
    const work = async (): Promise<void> => {
      try {
        const turn = this.watchdog.watch(name, async () => run(controller.signal), limitMs);
        await withTimeLimit(name, limitMs + REACTION_MS, turn);
        this.outages.works(name);
      } catch (error) {
        if (!stopped) this.outages.failed(name, error);
      } finally {
        clearTimeout(limit);
      }
    };
    const stop = (): void => {
      stopped = true;
      controller.abort(new Error('The process is shutting down'));
    };
    return { done: work(), stop };
  }
}

/** One turn of a task. */
interface Turn {
  /** Never rejects. */
  done: Promise<void>;
  stop(): void;
}
