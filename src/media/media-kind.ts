import type { MediaKindPart } from '../extension/define-media-kind.js';
import type { StepPart } from '../extension/define-step.js';
import type { Extensions } from '../extension/extensions.js';
import { Slots } from '../process/slots.js';

/** What a kind has read from the bytes of a file. */
export interface IdentifiedFile {
  mimeType: string;
  /** Of the storage key, without a dot. */
  extension: string;
  /** Stored with the asset as JSON. */
  facts: object;
}

/** A kind of media in a worker. */
export interface MediaKind {
  readonly part: MediaKindPart;
  /** Largest file, in bytes. */
  readonly maxBytes: number;
  /** Names of the facts that the result of an item contains. */
  readonly shown: readonly string[];
  /** Places for files that are being identified. */
  readonly slots: Slots;
  /** Steps of extensions, by what they run before. */
  readonly steps: Readonly<Record<StepPart['before'], readonly StepPart[]>>;
  /** Milliseconds. */
  readonly identifyMs: number;
}

const IDENTIFY_MS = 60_000;

/** Prepares a kind for this process, once the settings have been read. */
export function mediaKindOf(part: MediaKindPart, extensions: Extensions): MediaKind {
  const { name, maxBytes, facts, atOnce, identifyMs = IDENTIFY_MS } = part;
  return {
    part,
    maxBytes: limitOf(name, maxBytes),
    shown: Object.entries(facts).flatMap(([fact, { inStatus }]) => (inStatus ? [fact] : [])),
    slots: new Slots(atOnce),
    steps: { identify: extensions.stepsOf(name, 'identify'), store: extensions.stepsOf(name, 'store') },
    identifyMs,
  };
}

function limitOf(name: string, maxBytes: MediaKindPart['maxBytes']): number {
  const limit = typeof maxBytes === 'function' ? maxBytes() : maxBytes;
  if (!(limit > 0)) throw new Error(`Kind "${name}": maxBytes must be a positive number, not ${limit}`);
  return limit;
}
