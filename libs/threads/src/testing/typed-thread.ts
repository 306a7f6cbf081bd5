import { parentPort, workerData } from 'node:worker_threads';
import { double } from './double.js';

const given: number = workerData;
parentPort?.postMessage(double(given) + 2);
