import { endWithParent, isWornOut } from '#libs/child-pool';
import { fetchPart, receiveRequest, send } from './channel.js';
import { NotAVideoError, ProbeFailedError } from './errors.js';
import { LocalFile } from './local-file.js';
import type { ChildAnswer, ChildSettings } from './messages.js';
import { probeFile } from './probe-file.js';
import type { ReadableFile } from './readable-file.js';
import { RemoteFile } from './remote-file.js';
import type { RequestFrame } from './request-frame.js';
import { limitWasmMemory } from './wasm-memory.js';

// Entry of a probing process. An uncaught error ends the process, and the parent replaces it.
const settings: ChildSettings = JSON.parse(process.argv[2] ?? '');
limitWasmMemory(settings.maxWasmBytes);
await endWithParent();
send({ ready: true });

for (let request = receiveRequest(); request !== null; request = receiveRequest()) {
  const message = await answer(request);
  send(isWornOut(settings) ? { ...message, retire: true } : message);
}
process.exit();

async function answer(request: RequestFrame): Promise<ChildAnswer> {
  try {
    return { probe: await probeFile(open(request)) };
  } catch (error) {
    if (error instanceof NotAVideoError) return { refused: { kind: error.kind, reason: error.reason } };
    if (error instanceof ProbeFailedError) {
      return { failed: { failure: error.failure, message: error.message } };
    }
    return { failed: { failure: 'unreadable', message: `The file could not be read: ${String(error)}` } };
  }
}

function open(request: RequestFrame): ReadableFile {
  const { maxReadBytes } = settings;
  if ('path' in request) return new LocalFile(request.path, maxReadBytes);
  return new RemoteFile(request.size, request.head, fetchPart, maxReadBytes);
}
