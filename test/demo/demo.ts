import 'reflect-metadata';
import { changedTitle } from './changed-title.js';
import { Unexpected } from './expect.js';
import { firstImport } from './first-import.js';
import { bad, heading, paint, say } from './screen.js';
import { checkListening, startListening } from './local-receiver.js';
import { proveCompleteness, retryFailed } from './proof.js';
import { secondImport } from './second-import.js';
import { setStage } from './stage.js';
import { checkStoredFile } from './stored-file.js';
import { Cleanup } from './cleanup.js';
import { checkWebhook } from './webhook.js';

/** `npm run demo`: the way of a partner from the first list to the proof that all of it arrived. Throws at the first unexpected result. */
async function demo(cleanup: Cleanup): Promise<void> {
  const stage = await setStage(cleanup);
  const secret = await startListening(stage);
  const first = await firstImport(stage);
  await checkWebhook(stage, first);
  await checkListening(stage, first, secret);
  await checkStoredFile(stage, first);
  const second = await secondImport(stage);
  await changedTitle(stage, first);
  await retryFailed(stage, second);
  await proveCompleteness(stage, second);
}

class Interrupted extends Error {
  constructor(readonly exitCode: number) {
    super('Interrupted');
  }
}

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Rejects on a signal that ends the demo. */
function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    for (const [signal, code] of Object.entries(EXIT_CODES)) {
      process.on(signal, () => reject(new Interrupted(code)));
    }
  });
}

function failed(error: unknown): number {
  if (error instanceof Interrupted) {
    say('\nInterrupted; stopping everything');
    return error.exitCode;
  }
  const text = error instanceof Error && !(error instanceof Unexpected) ? error.stack : undefined;
  bad(text ?? (error instanceof Error ? error.message : String(error)));
  return 1;
}

const cleanup = new Cleanup();
const startedAt = performance.now();
const exitCode = await Promise.race([demo(cleanup), interruption()]).then(() => 0, failed);
await cleanup.run();
if (exitCode === 0) {
  heading(paint('green', `All checks passed (${((performance.now() - startedAt) / 1_000).toFixed(1)} s)`));
  say('All processes have stopped. To explore it yourself, run: npm start');
}
process.exit(exitCode);
