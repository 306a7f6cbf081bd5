import 'reflect-metadata';
import { changedTitle } from './changed-title.js';
import { Unexpected } from './expect.js';
import { firstImport } from './first-import.js';
import { bad, clearBar, heading, paint, say } from './screen.js';
import { secondImport } from './second-import.js';
import { setStage } from './stage.js';
import { checkStoredFile } from './stored-file.js';
import { Takedown } from './takedown.js';
import { checkWebhook } from './webhook.js';

/** `npm run demo`: everything once, from the first request to the webhook; 0 if all of it was as it should be. */
async function demo(takedown: Takedown): Promise<void> {
  const stage = await setStage(takedown);
  const first = await firstImport(stage);
  await checkWebhook(stage, first);
  await checkStoredFile(stage, first);
  await secondImport(stage);
  await changedTitle(stage, first);
}

class Interrupted extends Error {
  constructor(readonly exitCode: number) {
    super('Interrupted');
  }
}

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Rejects when somebody wants the demo to end. */
function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    for (const [signal, code] of Object.entries(EXIT_CODES)) {
      process.on(signal, () => reject(new Interrupted(code)));
    }
  });
}

function failed(error: unknown): number {
  clearBar();
  if (error instanceof Interrupted) {
    say('\nInterrupted; taking everything down');
    return error.exitCode;
  }
  const text = error instanceof Error && !(error instanceof Unexpected) ? error.stack : undefined;
  bad(text ?? (error instanceof Error ? error.message : String(error)));
  return 1;
}

const takedown = new Takedown();
const startedAt = performance.now();
const exitCode = await Promise.race([demo(takedown), interruption()]).then(() => 0, failed);
await takedown.run();
if (exitCode === 0) {
  heading(paint('green', `All of it works (${((performance.now() - startedAt) / 1_000).toFixed(1)} s)`));
  say('Nothing is left running. To explore it yourself: npm start');
}
process.exit(exitCode);
