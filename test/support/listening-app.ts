import { appendFileSync } from 'node:fs';
import { createReelport } from '../../src/create-reelport.js';
import { defineExtension } from '../../src/extension/define-extension.js';
import { defineListener } from '../../src/extension/define-listener.js';

// An app of a team, for tests that kill it: `diary` writes its calls to a file; `hung` never answers.

const { CALLS_FILE, DIARY_HANGS } = process.env;

const diary = defineListener({
  name: 'diary',
  on: ['import.accepted', 'import.finished', 'media.created', 'media.updated'],
  timeoutMs: 5_000,
  async handle(event, { delivery }) {
    if (CALLS_FILE === undefined) throw new Error('CALLS_FILE is required');
    appendFileSync(CALLS_FILE, `${JSON.stringify({ event, ...delivery, pid: process.pid })}\n`);
    // Ignores its signal, and keeps the process busy with a timer.
    if (DIARY_HANGS === 'true') await new Promise(() => setInterval(() => undefined, 1_000));
  },
});

await createReelport({ extensions: [defineExtension({ name: 'diary', listeners: [diary] })] }).run();
