import type { RequestLimits } from './limits.js';

const MIN_TICK_MS = 5;
const MAX_TICK_MS = 1_000;

/**
 * Enforces the times and the minimum throughput of one exchange. It uses one timer per exchange and none per chunk:
 * events only update counters, which the tick evaluates. The timer does not keep the process alive.
 *
 * Time in which our side did not read (a slow disk) does not count against the server.
 */
export class Watchdog {
  readonly #limits: RequestLimits;
  readonly #deadline: number;
  readonly #tickMs: number;
  readonly #expire: () => void;
  readonly #timer: NodeJS.Timeout;

  #phase: 'connecting' | 'headers' | 'body' = 'connecting';
  #bytes = 0;
  #paused = false;
  #pausedSinceTick = false;

  #lastTick = performance.now();
  #bytesAtTick = 0;
  #quietMs = 0;
  #windowMs = 0;
  #bytesAtWindow = 0;

  /**
   * @param deadline milliseconds on the clock of `performance.now()`
   * @param expire called at most once, when a limit is exceeded
   */
  constructor(limits: RequestLimits, deadline: number, expire: () => void) {
    this.#limits = limits;
    this.#deadline = deadline;
    this.#expire = expire;
    this.#tickMs = tickFor(limits, deadline - this.#lastTick);
    this.#timer = setInterval(() => this.#tick(), this.#tickMs).unref();
  }

  /** Bytes of the body received so far. */
  get bytes(): number {
    return this.#bytes;
  }

  requestSent(): void {
    this.#phase = 'headers';
    this.#quietMs = 0;
  }

  headersReceived(): void {
    this.#phase = 'body';
    this.#quietMs = 0;
  }

  received(bytes: number): void {
    this.#bytes += bytes;
  }

  paused(): void {
    this.#paused = true;
    this.#pausedSinceTick = true;
  }

  resumed(): void {
    this.#paused = false;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    // After a long event-loop delay bytes may lie unread, so such a pause counts as two ticks at most.
    const elapsed = Math.min(now - this.#lastTick, 2 * this.#tickMs);
    this.#lastTick = now;
    if (now >= this.#deadline || this.#isTooSlow(elapsed)) {
      this.stop();
      this.#expire();
    }
  }

  #isTooSlow(elapsed: number): boolean {
    if (this.#phase === 'connecting') return false;
    if (this.#phase === 'headers') {
      this.#quietMs += elapsed;
      return this.#quietMs >= this.#limits.headersMs;
    }
    const ready = !this.#pausedSinceTick;
    this.#pausedSinceTick = this.#paused;
    const quiet = ready && this.#bytes === this.#bytesAtTick;
    this.#bytesAtTick = this.#bytes;
    this.#quietMs = quiet ? this.#quietMs + elapsed : 0;
    if (ready) this.#windowMs += elapsed;
    return this.#quietMs >= this.#limits.idleMs || this.#isBelowMinimumSpeed();
  }

  #isBelowMinimumSpeed(): boolean {
    if (this.#windowMs < this.#limits.speedWindowMs) return false;
    const bytesPerSecond = ((this.#bytes - this.#bytesAtWindow) / this.#windowMs) * 1000;
    this.#windowMs = 0;
    this.#bytesAtWindow = this.#bytes;
    return bytesPerSecond < this.#limits.minBytesPerSecond;
  }
}

/** A quarter of the shortest limit, which bounds the overrun of every limit. */
function tickFor(limits: RequestLimits, remainingMs: number): number {
  const shortest = Math.min(limits.headersMs, limits.idleMs, limits.speedWindowMs, remainingMs);
  return Math.min(MAX_TICK_MS, Math.max(MIN_TICK_MS, shortest / 4));
}
