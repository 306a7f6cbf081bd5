import type { Entry } from '#libs/client/table';
import { post } from '../../api/ask.js';
import { Trouble } from '../../api/trouble.js';
import { fitting, type BatchLimits } from './batches.js';

export interface Job {
  kind: string;
  systemName: string;
  mode: 'run' | 'plan';
  limits: BatchLimits;
  batches: (size: number) => AsyncIterable<readonly Entry[]>;
}

const FIRST_WAIT_MS = 1_000;
const MOST_WAIT_MS = 30_000;

/** Posts a list in batches. Each has a key, so that an attempt whose response was lost imports nothing twice. */
export class Poster {
  /** Of the accepted batches. */
  ids = $state.raw<readonly string[]>([]);
  /** Entries of accepted batches. */
  sent = $state(0);
  isLoading = $state(false);
  trouble = $state.raw<Trouble>();
  retryAt = $state<number>();

  private readonly run = newRun();
  private wake: () => void = () => undefined;

  constructor(private readonly job: Job) {}

  /** For notes on trouble: nothing is shown that could be old. */
  get data(): undefined {
    return undefined;
  }

  /** @returns whether all were accepted; if not, `trouble` says why, and another call goes on from there */
  async post(): Promise<boolean> {
    const { kind, limits, batches } = this.job;
    this.isLoading = true;
    this.trouble = undefined;
    let index = 0;
    try {
      for await (const entries of fitting(batches(limits.items), limits)) {
        if (index >= this.ids.length) {
          this.ids = [...this.ids, await this.accepted(kind, entries, index)];
          this.sent += entries.length;
        }
        index += 1;
      }
      return true;
    } catch (error) {
      this.trouble = error instanceof Trouble ? error : new Trouble('refused', String(error));
      return false;
    } finally {
      this.isLoading = false;
    }
  }

  /** Tries again at once. */
  refresh(): void {
    this.wake();
  }

  /** Repeats what a later attempt may bring through. @throws Trouble otherwise */
  private async accepted(kind: string, entries: readonly Entry[], index: number): Promise<string> {
    const { systemName, mode } = this.job;
    const path = `/api/v1/import/${encodeURIComponent(kind)}${mode === 'plan' ? '?mode=plan' : ''}`;
    const headers = { 'idempotency-key': `reelport-console-${this.run}-${index}` };
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, MOST_WAIT_MS)) {
      try {
        const id = idOf(await post(path, { systemName, [kind]: entries }, { headers }));
        this.trouble = undefined;
        return id;
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        const { kind: what, more } = error;
        if (what !== 'unreachable' && more.retryAfter === undefined) throw error;
        this.trouble = new Trouble('unreachable', error.message, more);
        await this.pause(Math.max(waitMs, (more.retryAfter ?? 0) * 1_000));
      }
    }
  }

  private async pause(ms: number): Promise<void> {
    this.retryAt = Date.now() + ms;
    this.isLoading = false;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.isLoading = true;
    this.retryAt = undefined;
  }
}

function idOf(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string')
    return body.id;
  throw new Trouble('unreachable', '');
}

/** Random; unlike UUIDs, also where the page was not loaded by HTTPS. */
function newRun(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(36)).join('');
}
