import { parentPort, workerData } from 'node:worker_threads';

// Runs beside a main thread that may be busy with a file.
const parent: number = workerData;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 1_000);
parentPort?.postMessage('watching');
