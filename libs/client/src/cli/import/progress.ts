import { message } from '../output.js';

/** Counters over all imports of a run. */
export interface Counters {
  readonly total: number;
  readonly success: number;
  readonly skipped: number;
  readonly failed: number;
}

export type ProgressMode = 'terminal' | 'lines' | 'json' | 'quiet';

const LINE_MS = 10_000;
const TERMINAL_MS = 200;

/** Shows how far a run is: one line that changes on a terminal, a line every 10 s elsewhere, or JSON lines. */
export class Progress {
  private readonly startedAt = performance.now();
  private shownAt = -Infinity;

  /** @param noun plural, for people: `videos` */
  constructor(
    private readonly mode: ProgressMode,
    private readonly noun: string,
  ) {}

  show(counters: Counters, isLast = false): void {
    const now = performance.now();
    const interval = this.mode === 'terminal' ? TERMINAL_MS : LINE_MS;
    if (this.mode === 'quiet' || (!isLast && now - this.shownAt < interval)) return;
    this.shownAt = now;
    if (this.mode === 'json') return message(JSON.stringify({ ...counters, ...this.rate(counters) }));
    const line = this.line(counters);
    if (this.mode === 'lines') return message(line);
    process.stderr.write(`\r\u001b[2K${line}${isLast ? '\n' : ''}`);
  }

  private line(counters: Counters): string {
    const { total, success, skipped, failed } = counters;
    const finished = success + skipped + failed;
    const { perSecond, secondsLeft } = this.rate(counters);
    const percent = total === 0 ? 0 : Math.floor((finished / total) * 100);
    const parts = [
      `${finished} of ${total} ${this.noun} (${percent} %)`,
      `${skipped} skipped`,
      `${failed} failed`,
      `${perSecond}/s`,
      ...(secondsLeft === null || secondsLeft === 0 ? [] : [`${duration(secondsLeft)} left`]),
    ];
    return parts.join(', ');
  }

  private rate({ total, success, skipped, failed }: Counters): {
    perSecond: number;
    secondsLeft: number | null;
  } {
    const finished = success + skipped + failed;
    const seconds = (performance.now() - this.startedAt) / 1_000;
    const perSecond = seconds === 0 ? 0 : finished / seconds;
    return {
      perSecond: Math.round(perSecond * 10) / 10,
      secondsLeft: perSecond === 0 ? null : Math.round((total - finished) / perSecond),
    };
  }
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}
