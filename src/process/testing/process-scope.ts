import { SchedulerRegistry } from '@nestjs/schedule';
import { parseEnvironment } from '../../config/parse-environment.js';
import { Lifecycle } from '../lifecycle.js';
import { PeriodicTasks } from '../periodic-tasks.js';
import { StallWatchdog } from '../stall-watchdog.js';

/** The providers of ProcessModule, for tests. */
export interface ProcessScope {
  lifecycle: Lifecycle;
  tasks: PeriodicTasks;
  watchdog: StallWatchdog;
  /** Runs every step of the shutdown. */
  shutDown: () => Promise<void>;
}

/** @param settings environment variables, such as SHUTDOWN_GRACE_MS */
export function openProcessScope(settings: Record<string, string> = {}): ProcessScope {
  const environment = parseEnvironment(settings);
  const lifecycle = new Lifecycle(environment);
  const watchdog = new StallWatchdog(environment);
  const tasks = new PeriodicTasks(new SchedulerRegistry(), lifecycle, watchdog);
  return { lifecycle, tasks, watchdog, shutDown: () => lifecycle.onModuleDestroy() };
}
