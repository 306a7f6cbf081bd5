import type { NotAVideoKind, ProbeFailure } from './errors.js';
import type { VideoProbe } from './video-probe.js';

/** Given to a thread when it starts. */
export interface ThreadSettings {
  maxReadBytes: number;
  /** Of WebAssembly, beside the heap. */
  maxWasmBytes: number;
}

/** The path of one file, or its bytes; the next is sent when this one is answered. */
export type ThreadRequest = string | Uint8Array;

/** Errors lose their class on the way between threads, so each kind travels as data. */
export type ThreadAnswer =
  | { probe: VideoProbe }
  | { refused: { kind: NotAVideoKind; reason: string } }
  | { failed: { failure: ProbeFailure; message: string } };
