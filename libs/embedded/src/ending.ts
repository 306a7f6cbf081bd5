import { setTimeout as delay } from 'node:timers/promises';
import { hasCode } from './error-code.js';
import { isAlive, type ProcessIdentity } from './process-identity.js';

export type ServiceName = 'database' | 'redis';

/** A signal, and the time that it may take before the next one follows. */
export interface EndingStep {
  signal: NodeJS.Signals;
  timeoutSeconds: number;
}

/** How the owner and the guardian stop each service: gracefully first, then forcibly. */
export const ENDINGS: Readonly<Record<ServiceName, readonly EndingStep[]>> = {
  database: [
    { signal: 'SIGINT', timeoutSeconds: 20 },
    { signal: 'SIGQUIT', timeoutSeconds: 5 },
    { signal: 'SIGKILL', timeoutSeconds: 5 },
  ],
  redis: [
    { signal: 'SIGTERM', timeoutSeconds: 20 },
    { signal: 'SIGKILL', timeoutSeconds: 10 },
  ],
};

/**
 * Ends a process and waits until it is gone. The process need not be a child of this one.
 *
 * @throws Error if it survives every step
 */
export async function endProcess(identity: ProcessIdentity, steps: readonly EndingStep[]): Promise<void> {
  for (const { signal, timeoutSeconds } of steps) {
    sendSignal(identity, signal);
    const limit = Date.now() + timeoutSeconds * 1_000;
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
    // It ended between the check and the signal.
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}
