import { retryAfterOf } from './errors.js';

export interface RetryOptions {
  /** Attempts after the first one; 5 by default, 0 disables retries. */
  readonly retries?: number;
  /** Backoff before the first retry, in milliseconds; doubles up to 30 s, with jitter. Default: 500. */
  readonly backoffMs?: number;
  /** Longest `Retry-After` that is waited for, in milliseconds; 10 minutes by default. */
  readonly maxWaitMs?: number;
  /** Time limit for the headers of a response to a request that may be repeated, in milliseconds; 90 s by default. */
  readonly responseMs?: number;
  /** Called before each wait. */
  readonly onRetry?: (reason: string, waitMs: number) => void;
}

type Fetch = typeof globalThis.fetch;

const MOST_BACKOFF_MS = 30_000;
/** Methods whose repetition changes nothing more (RFC 9110, section 9.2.2). */
const REPEATABLE = new Set(['GET', 'HEAD', 'DELETE']);
/** Responses that a retry can turn into success. */
const TRANSIENT = new Set([429, 502, 503, 504]);

/**
 * Repeats requests that failed for a transient reason: no response, or 429, 502, 503, 504. A POST is repeated only with
 * an `Idempotency-Key`, or if the server has certainly not acted on it (429, 503). `Retry-After` is obeyed.
 */
export function retrying(send: Fetch, options: RetryOptions = {}): Fetch {
  const { retries = 5, backoffMs = 500, maxWaitMs = 600_000, responseMs = 90_000, onRetry } = options;
  return async (input, init) => {
    const request = new Request(input, init);
    // Of the caller: that of a request which nothing refers to any more does not follow it.
    const signal = init?.signal ?? request.signal;
    const isRepeatable = REPEATABLE.has(request.method) || request.headers.has('idempotency-key');
    for (let attempt = 0; ; attempt += 1) {
      const backoff = jitter(Math.min(backoffMs * 2 ** attempt, MOST_BACKOFF_MS));
      let reason: string;
      let waitMs = backoff;
      try {
        const response = isRepeatable
          ? await within(responseMs, signal, (limited) => send(request.clone(), { signal: limited }))
          : await send(request.clone(), { signal });
        const refused = response.status === 429 || response.status === 503;
        if (!TRANSIENT.has(response.status) || !(isRepeatable || refused)) return response;
        const asked = retryAfterOf(response);
        waitMs = Math.max(backoff, (asked ?? 0) * 1_000);
        if (attempt >= retries || waitMs > maxWaitMs) return response;
        await response.body?.cancel();
        reason = `status ${response.status}`;
      } catch (error) {
        if (request.signal.aborted || !isRepeatable || attempt >= retries) throw error;
        reason = causeOf(error);
      }
      onRetry?.(reason, waitMs);
      await pause(waitMs, request.signal);
    }
  };
}

/** A network that drops packets answers nothing, and closes nothing. The body has no limit. */
async function within(
  ms: number,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(`No response within ${ms / 1_000} s`)), ms);
  try {
    return await send(AbortSignal.any([signal, limit.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/** What `fetch` hides behind `fetch failed`. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors.length > 0) return causeOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : error.message;
}

function jitter(ms: number): number {
  return Math.round(ms * (0.5 + Math.random() / 2));
}

/** @throws the reason of the signal */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      signal.removeEventListener('abort', aborted);
      resolve();
    }
    function aborted(): void {
      clearTimeout(timer);
      reject(signal.reason);
    }
    signal.addEventListener('abort', aborted, { once: true });
  });
}
