import { isDeepStrictEqual } from 'node:util';
import { message } from '../output.js';
import { bytes, counted, duration } from './units.js';
import type { Waiting } from './waiting.js';

/** Counters over all imports of a run. */
export interface Counters {
  readonly total: number;
  readonly success: number;
  readonly skipped: number;
  readonly failed: number;
  /** Predicted, and not applied. */
  readonly planned: number;
}

export type ProgressMode = 'terminal' | 'lines' | 'json' | 'quiet';

const LINE_MS = 10_000;
const TERMINAL_MS = 200;

interface Rate {
  readonly perSecond: number;
  readonly secondsLeft: number | null;
  /** Of the files of items that have finished since the beginning. */
  readonly bytes: number;
  /** Null if it is unknown. */
  readonly bytesPerSecond: number | null;
}

/** Shows how far a run is: one line that changes on a terminal, a line every 10 s elsewhere, or JSON lines. */
export class Progress {
  private readonly startedAt = performance.now();
  private shownAt = -Infinity;
  /** Finished before the beginning: an earlier run has waited for them. */
  private finishedBefore: number | undefined;
  private bytes = 0;
  private waiting: Waiting | undefined;
  private shown: Counters | undefined;

  /**
   * @param noun plural, for people: `videos`
   * @param mayReuse whether files may be known by their hashes: nobody says which of them were downloaded
   */
  constructor(
    private readonly mode: ProgressMode,
    private readonly noun: string,
    private readonly mayReuse: boolean,
  ) {}

  /** Adds the bytes of items that have finished. */
  received(count: number): void {
    this.bytes += count;
  }

  /** Says why nothing finishes; undefined if something does. */
  waits(waiting: Waiting | undefined): void {
    this.waiting = waiting;
  }

  show(counters: Counters, isLast = false): void {
    this.finishedBefore ??= finishedOf(counters);
    const now = performance.now();
    const interval = this.mode === 'terminal' ? TERMINAL_MS : LINE_MS;
    if (this.mode === 'quiet' || (!isLast && now - this.shownAt < interval)) return;
    const isRepeated = isLast && isDeepStrictEqual(this.shown, counters);
    this.shownAt = now;
    this.shown = counters;
    if (this.mode === 'json') return message(JSON.stringify(this.facts(counters)));
    const line = this.line(counters);
    if (this.mode === 'lines') return isRepeated ? undefined : message(line);
    process.stderr.write(`\r\u001b[2K${line}${isLast ? '\n' : ''}`);
  }

  private facts(counters: Counters): object {
    const { waiting } = this;
    const why = waiting === undefined ? undefined : { reason: waiting.reason, until: waiting.until };
    return { ...counters, ...this.rate(counters), ...(why && { waiting: why }) };
  }

  private line(counters: Counters): string {
    const { total, skipped, failed, planned } = counters;
    const finished = finishedOf(counters);
    const rate = this.rate(counters);
    const percent = total === 0 ? 0 : Math.floor((finished / total) * 100);
    return [
      `${finished} of ${counted(total, this.noun)} (${percent} %)`,
      ...(planned > 0 ? [`${planned} planned`] : [`${skipped} skipped`]),
      `${failed} failed`,
      ...(rate.bytes === 0 ? [] : [sizeOf(rate)]),
      ...(rate.perSecond === 0 ? [] : [`${rate.perSecond}/s`]),
      ...(rate.secondsLeft === null || rate.secondsLeft === 0 ? [] : [`${duration(rate.secondsLeft)} left`]),
      ...(this.waiting === undefined ? [] : [`waiting ${this.waiting.sentence}`]),
    ].join(', ');
  }

  private rate(counters: Counters): Rate {
    const finished = finishedOf(counters);
    const seconds = (performance.now() - this.startedAt) / 1_000;
    const perSecond = seconds === 0 ? 0 : (finished - (this.finishedBefore ?? 0)) / seconds;
    return {
      perSecond: Math.round(perSecond * 10) / 10,
      // Of the past, which says nothing while items wait.
      secondsLeft:
        perSecond === 0 || this.waiting !== undefined
          ? null
          : Math.round((counters.total - finished) / perSecond),
      bytes: this.bytes,
      bytesPerSecond: this.mayReuse ? null : Math.round(this.bytes / Math.max(seconds, 1)),
    };
  }
}

function sizeOf(rate: Rate): string {
  const { bytesPerSecond } = rate;
  return bytes(rate.bytes) + (bytesPerSecond === null ? '' : ` at ${bytes(bytesPerSecond)}/s`);
}

/** Items that need nothing more. */
export function finishedOf({ success, skipped, failed, planned }: Counters): number {
  return success + skipped + failed + planned;
}
