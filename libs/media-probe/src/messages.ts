import type { NotAVideoKind, ProbeFailure } from './errors.js';
import type { VideoProbe } from './video-probe.js';

/** The descriptor on which a probing process talks to the process that started it. */
export const CHANNEL = 3;

/** Limits that a probing process keeps by itself, beside those that the system holds it to; its only argument. */
export interface ChildSettings {
  maxReadBytes: number;
  /** Of WebAssembly, beside the heap. */
  maxWasmBytes: number;
  /** Growth over its size at the start, in bytes, with which a process asks to be replaced. */
  maxGrowthBytes: number;
  /** Files after which a process asks to be replaced. */
  maxFiles: number;
  /** Processor time after which a process asks to be replaced, in milliseconds; well below what the system allows. */
  maxProcessorMs: number;
}

/** One line of JSON from a probing process. */
export type ChildMessage =
  | { ready: true }
  /** Wants this part of a file in memory, and waits for its bytes. */
  | { read: [start: number, end: number] }
  /** Errors lose their class on the way between processes, so each kind travels as data. */
  | ({ retire?: true } & ChildAnswer);

export type ChildAnswer =
  | { probe: VideoProbe }
  | { refused: { kind: NotAVideoKind; reason: string } }
  | { failed: { failure: ProbeFailure; message: string } };
