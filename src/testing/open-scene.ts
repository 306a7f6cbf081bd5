import { startOrigin, type Origin } from './origin.js';
import { startReceiver, type Receiver } from './receiver.js';
import { startReelport, type RunningReelport, type StartOptions } from './start-reelport.js';

/** A running Reelport, an archive to import from, and a receiver of webhooks. */
export interface Scene {
  readonly reelport: RunningReelport;
  readonly origin: Origin;
  readonly receiver: Receiver;
  /** Stops everything and removes all data. */
  close(): Promise<void>;
}

/**
 * Starts Reelport with extensions, an archive and a receiver, all on this machine.
 *
 * @throws Error that lists every fault of the extensions and their settings
 */
export async function openScene(options: StartOptions): Promise<Scene> {
  const reelport = await startReelport(options);
  const [origin, receiver] = await Promise.all([startOrigin(), startReceiver()]);
  return {
    reelport,
    origin,
    receiver,
    close: async () => {
      await reelport.close();
      await Promise.all([origin.close(), receiver.close()]);
    },
  };
}
