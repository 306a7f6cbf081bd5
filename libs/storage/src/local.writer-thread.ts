import { parentPort, workerData } from 'node:worker_threads';
import { systemCode } from './local.errors.js';
import { Folders } from './local.folders.js';
import { writeSmallFile } from './local.write.js';
import type { WriterAnswer, WriterRequest, WriterSettings } from './local.writer-messages.js';

// Entry of a writer thread. An uncaught error ends the thread, and the main thread replaces it.
const { durable }: WriterSettings = workerData;
const folders = new Folders(durable);

parentPort?.on('message', (request: WriterRequest) => {
  void answer(request).then((message) => parentPort?.postMessage(message));
});

async function answer({ id, target, bytes }: WriterRequest): Promise<WriterAnswer> {
  try {
    await folders.within(target, () => writeSmallFile(target, bytes, folders));
    return { id };
  } catch (error) {
    return { id, failed: { code: systemCode(error), message: String(error) } };
  }
}
