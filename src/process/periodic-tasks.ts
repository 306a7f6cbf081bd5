import { Injectable, Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Lifecycle } from './lifecycle.js';
import { OutageLog } from './outage-log.js';
import { StallWatchdog } from './stall-watchdog.js';
import { TimeLimitError, withTimeLimit } from './time-limit.js';

export interface PeriodicTask {
  /** Unique in the process; subject of its log lines. */
  name: string;
  /** Milliseconds between runs. */
  everyMs: number;
  /** One run. Runs of a task never overlap: a run that is due while another is in flight is skipped. */
  run: (signal: AbortSignal) => void | Promise<void>;
  /** When the task stops: before in-flight work is awaited, or after it has ended. Default: `draining`. */
  until?: 'draining' | 'drained';
  /** Milliseconds after which the signal of a run aborts. Default: 30 000. */
  limitMs?: number;
}

/** Milliseconds that a run has beyond its limit to react to its signal. */
const REACTION_MS = 5_000;
const DEFAULT_LIMIT_MS = 30_000;

/**
 * Periodic tasks of a process. @nestjs/schedule provides the timers, but it neither limits a run, nor prevents
 * overlapping runs, nor supports tasks that continue while the application drains.
 */
@Injectable()
export class PeriodicTasks {
  private readonly outages = new OutageLog(new Logger(PeriodicTasks.name));

  constructor(
    private readonly registry: SchedulerRegistry,
    private readonly lifecycle: Lifecycle,
    private readonly watchdog: StallWatchdog,
  ) {}

  /** Starts a task; its first run is after `everyMs`. */
  start(task: PeriodicTask): void {
    const { name, everyMs, until = 'draining' } = task;
    let current: TaskRun | null = null;
    const timer = setInterval(() => {
      if (current !== null) return;
      const started = this.runOnce(task);
      current = started;
      void started.done.then(() => (current = null));
    }, everyMs);
    this.registry.addInterval(name, timer);
    this.lifecycle.on(until === 'draining' ? 'stop' : 'quiet', name, async () => {
      this.registry.deleteInterval(name);
      current?.stop();
      await current?.done;
    });
  }

  /** Runs a task once, now. Never throws. */
  async once(name: string, run: PeriodicTask['run']): Promise<void> {
    await this.runOnce({ name, everyMs: 0, run }).done;
  }

  private runOnce({ name, run, limitMs = DEFAULT_LIMIT_MS }: PeriodicTask): TaskRun {
    // Each run has its own signal: AbortSignal.any would leak references in a long-lived signal.
    const controller = new AbortController();
    const limit = setTimeout(() => controller.abort(new TimeLimitError(name, limitMs)), limitMs);
    let stopped = false;
    const work = async (): Promise<void> => {
      try {
        const watched = this.watchdog.watch(name, async () => run(controller.signal), limitMs);
        await withTimeLimit(name, limitMs + REACTION_MS, watched);
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

/** One run of a task. */
interface TaskRun {
  /** Never rejects. */
  done: Promise<void>;
  stop(): void;
}
