import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedUnavailableError } from './errors.js';
import { RestartBudget } from './restart-budget.js';
import type { RunningService } from './running-record.js';
import type { ServiceProcess } from './service-process.js';

/** Called with a process immediately after its start, so that it is registered even if this process is killed. */
export type OnSpawn = (service: RunningService, process: ServiceProcess) => void;

/** A service that can be started repeatedly at one address. */
export interface Launcher {
  /** Name for log lines. */
  label: string;
  /**
   * Resolves when the service can be reached.
   *
   * @throws Error if it does not start; it has then been stopped
   */
  launch(onSpawn: OnSpawn): Promise<ServiceProcess>;
  /** Removes files that are useless without the service. */
  cleanUp(): void;
}

export interface SupervisionOptions {
  onSpawn: (service: RunningService) => void;
  /** Whether a service that ends without `stop()` is restarted. */
  restart: boolean;
  log: (line: string) => void;
  /** Called once, when the service is permanently down without `stop()`. */
  onFailed: (error: Error) => void;
}

export interface SupervisedService {
  stop(): Promise<void>;
}

/** Starts a service and, if configured, restarts it whenever it ends without `stop()`. */
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
      // stop() was called during the start.
      if (stopping.signal.aborted) void process.stop();
    });

  /** @returns whether the service can be reached again */
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
        log(`${label} ended (${how}), restarted at the same address`);
        return true;
      } catch (error) {
        cause = error;
        await current?.stop();
      }
    }
    const reason = cause instanceof Error ? `: ${cause.message}` : '';
    const message = `${label} ended (${how}) and did not stay up after ${budget.restarts} restarts${reason}`;
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
