import type { NotAVideoKind, ProbeFailure } from './errors.js';
import type { VideoProbe } from './video-probe.js';

/** File descriptor of the channel between a probing process and its parent. */
export const CHANNEL = 3;

/** Limits that a probing process enforces itself, in addition to those of the system; passed as its only argument. */
export interface ChildSettings {
  maxReadBytes: number;
  /** Maximum of WebAssembly memory, in addition to the heap. */
  maxWasmBytes: number;
  /** Growth in bytes since the start at which a process asks to be replaced. */
  maxGrowthBytes: number;
  /** Number of files after which a process asks to be replaced. */
  maxFiles: number;
  /** Processor time in milliseconds after which a process asks to be replaced; well below the system's limit. */
  maxProcessorMs: number;
}

/** A message from a probing process: one line of JSON. */
export type ChildMessage =
  | { ready: true }
  /** Requests a part of a file in memory and waits for its bytes. */
  | { read: [start: number, end: number] }
  /** Errors lose their class between processes, so each kind is sent as data. */
  | ({ retire?: true } & ChildAnswer);

export type ChildAnswer =
  | { probe: VideoProbe }
  | { refused: { kind: NotAVideoKind; reason: string } }
  | { failed: { failure: ProbeFailure; message: string } };
