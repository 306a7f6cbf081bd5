import { parentPort } from 'node:worker_threads';

/** A thread that dies when it gets its first file. */
parentPort?.once('message', () => process.exit(3));
