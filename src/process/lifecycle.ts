import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { stackWithCauses } from '../http/error-stack.js';
import { isUnreachable } from '../database/unreachable-error.js';
import { TimeLimitError, withTimeLimit } from './time-limit.js';

/** `accepting`: takes work. `draining`: finishes in-flight work. `closed`: only connections remain to be closed. */
export type LifecycleState = 'accepting' | 'draining' | 'closed';

/**
 * The phases of a shutdown, in order. The steps of a phase run concurrently.
 *
 * - `stop`: stop taking work.
 * - `drain`: wait for in-flight work, which `Lifecycle.deadline` aborts at the end of the grace period.
 * - `quiet`: stop tasks that had to run while work was in flight, such as renewing leases.
 * - `release`: release what remains, and sign off.
 */
export type ShutdownPhase = 'stop' | 'drain' | 'quiet' | 'release';

interface Step {
  name: string;
  run: () => void | Promise<void>;
}

/** Time limits of the steps by phase, in milliseconds; `drain` has the grace period on top. */
const LIMIT_MS: Readonly<Record<ShutdownPhase, number>> = {
  stop: 3_000,
  drain: 5_000,
  quiet: 3_000,
  release: 5_000,
};

/** Longest time from the end of the grace period to the end of the last phase, in milliseconds. */
export const SHUTDOWN_MARGIN_MS = Object.values(LIMIT_MS).reduce((sum, limit) => sum + limit, 0);

/**
 * The lifecycle of a process: accepting → draining → closed.
 *
 * Every shutdown step runs, regardless of failures of other steps, and none exceeds its limit. All steps run before
 * Nest's shutdown hooks, while the database and the queues are still available.
 */
@Injectable()
export class Lifecycle implements OnModuleDestroy {
  private readonly logger = new Logger(Lifecycle.name);
  private readonly steps: Record<ShutdownPhase, Step[]> = { stop: [], drain: [], quiet: [], release: [] };
  private readonly drainingController = new AbortController();
  private readonly deadlineController = new AbortController();
  private shutdown: Promise<void> | undefined;
  private current: LifecycleState = 'accepting';

  constructor(private readonly environment: Environment) {}

  get state(): LifecycleState {
    return this.current;
  }

  /** Aborts when the process stops taking work. */
  get draining(): AbortSignal {
    return this.drainingController.signal;
  }

  /** Aborts at the end of the grace period: in-flight work must end now. */
  get deadline(): AbortSignal {
    return this.deadlineController.signal;
  }

  /**
   * Adds a step to the shutdown.
   *
   * @param name name for the log
   * @param run a failure is logged and does not affect other steps
   */
  on(phase: ShutdownPhase, name: string, run: () => void | Promise<void>): void {
    this.steps[phase].push({ name, run });
  }

  /** Shuts down once, however often it is called. Never throws. */
  onModuleDestroy(): Promise<void> {
    this.shutdown ??= this.run();
    return this.shutdown;
  }

  private async run(): Promise<void> {
    const graceMs = this.environment.SHUTDOWN_GRACE_MS;
    const reason = new Error('The process is shutting down');
    this.current = 'draining';
    this.drainingController.abort(reason);
    const deadline = setTimeout(() => this.deadlineController.abort(reason), graceMs);
    await this.runPhase('stop');
    await this.runPhase('drain', graceMs);
    clearTimeout(deadline);
    this.deadlineController.abort(reason);
    await this.runPhase('quiet');
    await this.runPhase('release');
    this.current = 'closed';
  }

  private async runPhase(phase: ShutdownPhase, extraMs = 0): Promise<void> {
    const limitMs = LIMIT_MS[phase] + extraMs;
    await Promise.all(
      this.steps[phase].map(async ({ name, run }) => {
        try {
          await withTimeLimit(name, limitMs, (async () => run())());
        } catch (error) {
          this.logFailure(phase, name, error);
        }
      }),
    );
  }

  private logFailure(phase: ShutdownPhase, step: string, error: unknown): void {
    const line = `Shutdown step failed phase=${phase} step="${step}"`;
    if (isUnreachable(error) || error instanceof TimeLimitError)
      this.logger.warn(`${line}: ${String(error)}`);
    else this.logger.error(line, stackWithCauses(error));
  }
}
