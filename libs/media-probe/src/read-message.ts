import { CONTAINERS } from './containers.js';
import { NOT_A_VIDEO_KINDS, PROBE_FAILURES } from './errors.js';
import type { ChildAnswer, ChildMessage } from './messages.js';
import { isPlausibleSide, plausibleCodec, plausibleDuration } from './plausible.js';
import type { Container, VideoProbe } from './video-probe.js';

const MAX_REASON_LENGTH = 200;

/**
 * Checks a message from a probing process. A file can take over its parser and send anything, so every text and number
 * is checked here: the result is safe to store in a database.
 *
 * @throws Error if it is no message
 */
export function readMessage(message: unknown): ChildMessage {
  if (!isRecord(message)) throw new Error('Not an object');
  return 'read' in message ? { read: readRange(message['read']) } : readAnswer(message);
}

function readRange(range: unknown): [number, number] {
  if (!Array.isArray(range)) throw new Error('Not a range');
  const [start, end]: unknown[] = range;
  if (!(isPosition(start) && isPosition(end) && start <= end)) throw new Error('Not a range');
  return [start, end];
}

function readAnswer({ probe, refused, failed }: Record<string, unknown>): ChildAnswer {
  if (isRecord(probe)) return { probe: readProbe(probe) };
  if (isRecord(refused)) {
    const kind = NOT_A_VIDEO_KINDS.find((known) => known === refused['kind']);
    if (kind !== undefined) return { refused: { kind, reason: readSentence(refused['reason']) } };
  }
  if (isRecord(failed)) {
    const failure = PROBE_FAILURES.find((known) => known === failed['failure']);
    if (failure !== undefined) return { failed: { failure, message: printable(failed['message']) } };
  }
  throw new Error('Not an answer');
}

/** MIME type and extension are derived from the container, not taken from the answer. */
function readProbe(probe: Record<string, unknown>): VideoProbe {
  const { container, width, height } = probe;
  if (!isContainer(container)) throw new Error('Not a container');
  if (!isPlausibleSide(width) || !isPlausibleSide(height)) throw new Error('Not the size of a picture');
  const { mimeType, extension } = CONTAINERS[container];
  return {
    container,
    mimeType,
    extension,
    videoCodec: plausibleCodec(probe['videoCodec']),
    audioCodec: plausibleCodec(probe['audioCodec']),
    width,
    height,
    duration: plausibleDuration(probe['duration']),
  };
}

function readSentence(reason: unknown): string {
  if (typeof reason !== 'string' || reason.length > MAX_REASON_LENGTH || reason !== printable(reason)) {
    throw new Error('Not a sentence');
  }
  return reason;
}

function printable(text: unknown): string {
  return String(text).replace(/[^\x20-\x7e]/g, '?');
}

function isContainer(name: unknown): name is Container {
  return typeof name === 'string' && Object.hasOwn(CONTAINERS, name);
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
