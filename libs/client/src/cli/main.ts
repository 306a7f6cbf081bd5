#!/usr/bin/env node
import { runClient } from './program.js';

/** `reelport …`; the second Ctrl-C ends it at once. */
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupted.abort(new Error('Interrupted')));
}
process.exitCode = await runClient(process.argv.slice(2), interrupted.signal);
