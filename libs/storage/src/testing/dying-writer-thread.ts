import { parentPort } from 'node:worker_threads';

/** A thread that dies with the first file it is given. */
parentPort?.once('message', () => process.exit(3));
