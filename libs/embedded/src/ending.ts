import { setTimeout as delay } from 'node:timers/promises';
import { hasCode } from './error-code.js';
import { isAlive, type ProcessIdentity } from './process-identity.js';

export type ServiceName = 'database' | 'redis';

/** A signal, and how long it may take to have its effect before the next one follows. */
export interface EndingStep {
  signal: NodeJS.Signals;
  patienceSeconds: number;
}

/** How each service is ended, by its owner and by the guardian alike: in good order first, then harder. */
export const ENDINGS: Readonly<Record<ServiceName, readonly EndingStep[]>> = {
  database: [
    { signal: 'SIGINT', patienceSeconds: 20 },
    { signal: 'SIGQUIT', patienceSeconds: 5 },
    { signal: 'SIGKILL', patienceSeconds: 5 },
  ],
  redis: [
    { signal: 'SIGTERM', patienceSeconds: 20 },
    { signal: 'SIGKILL', patienceSeconds: 10 },
  ],
};

/**
 * Ends a process, whoever started it, and waits until it is gone.
 *
 * @throws Error where it survives every step
 */
export async function endProcess(identity: ProcessIdentity, steps: readonly EndingStep[]): Promise<void> {
  for (const { signal, patienceSeconds } of steps) {
    sendSignal(identity, signal);
    const limit = Date.now() + patienceSeconds * 1_000;
    while (isAlive(identity)) {
      if (Date.now() > limit) break;
      await delay(10);
    }
    if (!isAlive(identity)) return;
  }
  throw new Error(`Process ${identity.pid} cannot be ended`);
}

function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    // It ended by itself between the two lines.
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}
