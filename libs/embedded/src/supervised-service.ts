import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedUnavailableError } from './errors.js';
import { RestartBudget } from './restart-budget.js';
import type { RunningService } from './running-record.js';
import type { ServiceProcess } from './service-process.js';

/** Told of a process at once, so that nothing is lost should we be killed. */
export type OnSpawn = (service: RunningService, process: ServiceProcess) => void;

/** A service that can be started any number of times, at one address. */
export interface Launcher {
  /** What people call it. */
  label: string;
  /**
   * Resolves when it can be reached.
   *
   * @throws Error where it does not start; nothing of it runs any more
   */
  launch(onSpawn: OnSpawn): Promise<ServiceProcess>;
  /** Removes what is of no use without the service. */
  cleanUp(): void;
}

export interface SupervisionOptions {
  onSpawn: (service: RunningService) => void;
  /** Whether one that ends without having been stopped is started again. */
  restart: boolean;
  log: (line: string) => void;
  /** Told once, when it is down for good without having been stopped. */
  onFailed: (error: Error) => void;
}

export interface SupervisedService {
  stop(): Promise<void>;
}

/** Starts a service, and starts it again whenever it ends by itself, where that is wanted. */
export async function supervise(launcher: Launcher, options: SupervisionOptions): Promise<SupervisedService> {
  const { label } = launcher;
  const { restart, log, onFailed } = options;
  const stopping = new AbortController();
  const budget = new RestartBudget();
  let current: ServiceProcess | undefined;
  const launch = (): Promise<ServiceProcess> =>
    launcher.launch((service, process) => {
      current = process;
      options.onSpawn(service);
      // One that was being started when stop() was called.
      if (stopping.signal.aborted) void process.stop();
    });

  /** @returns whether it can be reached again */
  const relaunch = async (how: string): Promise<boolean> => {
    let cause: unknown;
    for (;;) {
      const wait = budget.nextDelay();
      if (wait === undefined) break;
      await delay(wait, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      if (stopping.signal.aborted) return false;
      try {
        await launch();
        budget.noteStart();
        log(`${label} ended (${how}), started again at the same address`);
        return true;
      } catch (error) {
        cause = error;
        await current?.stop();
      }
    }
    const reason = cause instanceof Error ? `: ${cause.message}` : '';
    const message = `${label} ended (${how}) and does not stay up after ${budget.restarts} restarts${reason}`;
    log(message);
    onFailed(new EmbeddedUnavailableError(message, { cause }));
    return false;
  };
  const watch = async (): Promise<void> => {
    for (;;) {
      const how = await current?.ended;
      if (how === undefined || stopping.signal.aborted) return;
      if (!restart) {
        log(`${label} ended (${how})`);
        return onFailed(new EmbeddedUnavailableError(`${label} ended (${how})`));
      }
      if (!(await relaunch(how))) return;
    }
  };

  try {
    await launch();
  } catch (error) {
    await current?.stop();
    launcher.cleanUp();
    throw error;
  }
  budget.noteStart();
  const watching = watch();
  return {
    stop: async () => {
      stopping.abort();
      await current?.stop();
      await watching;
      await current?.stop();
      launcher.cleanUp();
    },
  };
}
