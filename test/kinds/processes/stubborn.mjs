// A worker of a team whose step ignores its signal, and has an hour.
import { createReelport, defineExtension, defineMediaKind, defineStep } from '../../../dist/src/index.js';

const notes = defineMediaKind({
  name: 'notes',
  noun: 'note',
  maxBytes: 1_000,
  types: { 'text/plain': 'txt' },
  facts: {},
  codes: {},
  identify: () => Promise.resolve({ mimeType: 'text/plain', facts: {} }),
});

const stubborn = defineStep({
  name: 'stubborn',
  kinds: ['notes'],
  before: 'identify',
  timeoutMs: 3_600_000,
  codes: {},
  run: () => {
    process.stdout.write('The step has begun\n');
    // A timer keeps the process alive, as a connection would.
    return new Promise((resolve) => setTimeout(resolve, 3_600_000));
  },
});

await createReelport({
  extensions: [defineExtension({ name: 'house', kinds: [notes], steps: [stubborn] })],
}).run();
