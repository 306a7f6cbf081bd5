import { parentPort, workerData } from 'node:worker_threads';
import { NotAVideoError, ProbeFailedError } from './errors.js';
import { probeFile } from './probe-file.js';
import { limitWasmMemory } from './wasm-memory.js';
import type { ThreadAnswer, ThreadRequest, ThreadSettings } from './thread-messages.js';

// The entry of a probing thread. What it does not catch ends it, and the other side replaces it.
const { maxReadBytes, maxWasmBytes }: ThreadSettings = workerData;
limitWasmMemory(maxWasmBytes);

parentPort?.on('message', (source: ThreadRequest) => {
  void answer(source).then((message) => parentPort?.postMessage(message));
});

async function answer(source: ThreadRequest): Promise<ThreadAnswer> {
  try {
    return { probe: await probeFile(source, maxReadBytes) };
  } catch (error) {
    if (error instanceof NotAVideoError) return { refused: { kind: error.kind, reason: error.reason } };
    if (error instanceof ProbeFailedError) {
      return { failed: { failure: error.failure, message: error.message } };
    }
    return { failed: { failure: 'unreadable', message: `The file could not be read: ${String(error)}` } };
  }
}
