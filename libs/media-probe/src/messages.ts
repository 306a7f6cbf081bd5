import type { WearLimits } from '#libs/child-pool';
import type { NotAVideoKind, ProbeFailure } from './errors.js';
import type { VideoProbe } from './video-probe.js';

/** Limits that a probing process enforces itself, in addition to those of the system; passed as its only argument. */
export interface ChildSettings extends WearLimits {
  maxReadBytes: number;
  /** Maximum of WebAssembly memory, in addition to the heap. */
  maxWasmBytes: number;
}

/** A message from a probing process, besides that it is ready: one line of JSON. */
export type ChildMessage =
  /** Requests a part of a file in memory and waits for its bytes. */
  | { read: [start: number, end: number] }
  /** Errors lose their class between processes, so each kind is sent as data. */
  | ChildAnswer;

export type ChildAnswer =
  | { probe: VideoProbe }
  | { refused: { kind: NotAVideoKind; reason: string } }
  | { failed: { failure: ProbeFailure; message: string } };
