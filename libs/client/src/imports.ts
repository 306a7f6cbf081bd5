import { errorOf, UnexpectedResponseError } from './errors.js';
import { readEvents, type EventOptions, type WatchedEvent } from './events.js';
import type { InclusionProof } from './receipt.js';
import { readReconciliation, type ReconcileLine, type ReconcileOptions } from './reconcile.js';
import type { components } from './schema.js';

export type ImportSummary = components['schemas']['ImportDto'];
export type ImportState = ImportSummary['state'];
/** An item of any kind; its result is named by the noun of the kind. */
export type Item = components['schemas']['ImportItemDto'] & Readonly<Record<string, unknown>>;
export type ItemState = Item['state'];
export type ReportFormat = 'csv' | 'ndjson';

/**
 * A batch; the list is named by the kind, such as `videos`, whose entries need `id`, `url`, `fileName` and `metadata`
 * (`{}` for none), and may have `sha256` and `size`.
 */
export interface Batch {
  readonly systemName: string;
  /** Receives a signed POST when the import is finished. */
  readonly webhook?: string;
  /** Events of the webhook; `['import.finished']` by default. */
  readonly webhookEvents?: ReadonlyArray<'import.finished' | 'items.finished'>;
  /** ISO 8601, at most 30 days ahead: no attempt starts before it. */
  readonly notBefore?: string;
  /** Among the imports of the project; `normal` by default. */
  readonly priority?: 'low' | 'normal' | 'high';
  /** Returned unchanged in the webhook. */
  readonly context?: object;
  readonly [kind: string]: unknown;
}

/** `plan` predicts the outcome of every item and imports nothing until `apply()`. */
export type ImportMode = 'run' | 'plan';

export interface CreateOptions {
  /** Makes the call repeatable: the same key and body return the same id, within 7 days. */
  readonly idempotencyKey?: string;
  readonly mode?: ImportMode;
  readonly signal?: AbortSignal;
}

/** Selects items; each given field has to match. Without any, all items are meant. */
export interface ItemSubset {
  /** Code of the failure. */
  readonly code?: string;
  /** Host of the URL, with the port unless it is the default one. */
  readonly host?: string;
  /** HTTP status of the last failure, as in a group of failures; `none` where that has null. */
  readonly httpStatus?: number | 'none';
  /** Ids of the batch, at most 10 000. */
  readonly externalIds?: readonly string[];
  /** Only counts the items. */
  readonly dryRun?: boolean;
}

/** Failed items of one code, host and HTTP status. */
export interface FailureGroup {
  readonly code: string;
  readonly host: string | null;
  readonly httpStatus: number | null;
  /** Whether another attempt follows by itself. */
  readonly waiting: boolean;
  readonly count: number;
  readonly sample: {
    readonly externalId: string;
    readonly url: string | null;
    readonly reason: string | null;
  };
  readonly cause: string | null;
  /** What to do, in a sentence or two. */
  readonly cure: string;
  /** Whether a retry can help without any other change. */
  readonly retry: boolean;
}

export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** Between two calls of `onProgress`, in milliseconds, in whole seconds; 1 000 by default. */
  readonly intervalMs?: number;
  readonly onProgress?: (summary: ImportSummary) => void;
}

const PAGE = 500;
/** The longest that the server lets a call wait, in seconds, is 60; proxies often allow less. */
const LONG_POLL_S = 30;
const MOST_POLL_S = 60;

/** Imports of the project. All methods throw ReelportError for an error response of the server. */
export class Imports {
  constructor(
    private readonly baseUrl: string,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly request: typeof globalThis.fetch,
    /** Without retries, which would keep the whole body. */
    private readonly once: typeof globalThis.fetch = request,
  ) {}

  /**
   * Posts a batch.
   *
   * @param kind such as `videos`
   * @returns the id of the import
   */
  async create(
    kind: string,
    batch: Batch,
    { idempotencyKey, mode, signal }: CreateOptions = {},
  ): Promise<string> {
    const query = mode === 'plan' ? '?mode=plan' : '';
    const { id } = await this.json<{ id: string }>(`import/${encodeURIComponent(kind)}${query}`, {
      method: 'POST',
      body: JSON.stringify(batch),
      headers: {
        'content-type': 'application/json',
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      ...(signal && { signal }),
    });
    return id;
  }

  /** Runs a planned import. @throws ReelportError 409 unless it is planned and has finished planning */
  async apply(id: string, signal?: AbortSignal): Promise<void> {
    await this.send(`imports/${encodeURIComponent(id)}/apply`, { method: 'POST', ...(signal && { signal }) });
  }

  get(id: string, signal?: AbortSignal): Promise<ImportSummary> {
    return this.json(`imports/${encodeURIComponent(id)}`, { ...(signal && { signal }) });
  }

  /** A page of imports, newest first. */
  list(
    { limit = PAGE, after }: { limit?: number; after?: string } = {},
    signal?: AbortSignal,
  ): Promise<{ results: ImportSummary[]; cursor?: string }> {
    const query = new URLSearchParams({ limit: String(limit), ...(after !== undefined && { after }) });
    return this.json(`imports?${query.toString()}`, { ...(signal && { signal }) });
  }

  /** Every item in request order, page by page. */
  async *items(
    id: string,
    { state, signal }: { state?: ItemState; signal?: AbortSignal } = {},
  ): AsyncGenerator<Item> {
    let after: string | undefined;
    do {
      const query = new URLSearchParams({
        limit: String(PAGE),
        ...(state && { state }),
        ...(after && { after }),
      });
      const page: { results: Item[]; cursor?: string } = await this.json(
        `imports/${encodeURIComponent(id)}/items?${query.toString()}`,
        { ...(signal && { signal }) },
      );
      yield* page.results;
      after = page.cursor;
    } while (after !== undefined);
  }

  /** The report as a stream of bytes: CSV (RFC 4180) or one JSON object per line. */
  async report(id: string, format: ReportFormat, signal?: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    return this.stream(`imports/${encodeURIComponent(id)}/report?format=${format}`, {
      ...(signal && { signal }),
    });
  }

  /**
   * The receipt of a finished import, for `verifyReceipt()`.
   *
   * @param externalId adds the proof that the receipt covers this item
   */
  receipt(
    id: string,
    { externalId, signal }: { externalId?: string; signal?: AbortSignal } = {},
  ): Promise<{ receipt: string; proof?: InclusionProof }> {
    const query = externalId === undefined ? '' : `?${new URLSearchParams({ externalId }).toString()}`;
    return this.json(`imports/${encodeURIComponent(id)}/receipt${query}`, { ...(signal && { signal }) });
  }

  /** The lines that the receipt of a finished import covers, as a stream of bytes. */
  ledger(id: string, signal?: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    return this.stream(`imports/${encodeURIComponent(id)}/receipt/ledger`, { ...(signal && { signal }) });
  }

  /** Failed items grouped by cause, with what to do about each; the largest group first. */
  async failures(id: string, signal?: AbortSignal): Promise<FailureGroup[]> {
    const { results } = await this.json<{ results: FailureGroup[] }>(
      `imports/${encodeURIComponent(id)}/failures?limit=${PAGE}`,
      { ...(signal && { signal }) },
    );
    return results;
  }

  /**
   * Compares a manifest of any length with the library, in constant memory. It is read once, so the request is not
   * repeated.
   *
   * @param manifest CSV with a header line, or one JSON object per line: `externalId`, optionally `sha256` and `size`
   * @returns the differences, and a `summary` as the last line
   * @throws InterruptedReconciliationError if the response ends without a summary
   */
  async *reconcile(
    manifest: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string,
    { systemName, kind = 'videos', format, signal }: ReconcileOptions,
  ): AsyncGenerator<ReconcileLine> {
    const query = new URLSearchParams({ systemName, kind });
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      body: manifest,
      headers: {
        ...this.headers,
        'content-type': format === 'csv' ? 'text/csv' : 'application/x-ndjson',
      },
      duplex: 'half',
      ...(signal && { signal }),
    };
    const response = await this.once(`${this.baseUrl}/api/v1/imports/reconcile?${query.toString()}`, init);
    const isLines = response.headers.get('content-type')?.startsWith('application/x-ndjson') === true;
    if (!response.ok || !isLines || response.body === null) throw await errorOf(response);
    yield* readReconciliation(response.body);
  }

  /** Runs failed items again. @returns their number */
  async retry(id: string, subset: ItemSubset = {}): Promise<number> {
    const { retried } = await this.act<{ retried: number }>(id, 'retry', subset);
    return retried;
  }

  /** Cancels unfinished items. @returns their number */
  async cancel(id: string, subset: ItemSubset = {}): Promise<number> {
    const { cancelled } = await this.act<{ cancelled: number }>(id, 'cancel', subset);
    return cancelled;
  }

  /**
   * Watches an import: begins with its first event that is kept, or after the cursor, and ends with the import.
   *
   * @throws ReelportError 404, 400 for an unknown cursor, 410 for one older than the retention of the server
   */
  events(id: string, options: EventOptions = {}): AsyncGenerator<WatchedEvent> {
    return this.watch(`imports/${encodeURIComponent(id)}/events`, options);
  }

  /** Watches all imports of the project, from now on or after the cursor; ends only by its signal. */
  allEvents(options: EventOptions = {}): AsyncGenerator<WatchedEvent> {
    return this.watch('events', options);
  }

  /** Resolves when the import is finished; the server lets each request wait. @throws the reason of the signal */
  async wait(
    id: string,
    { signal = new AbortController().signal, intervalMs = 1_000, onProgress }: WaitOptions = {},
  ): Promise<ImportSummary> {
    const seconds = Math.min(Math.max(Math.round(intervalMs / 1_000), 1), MOST_POLL_S);
    const wait = onProgress === undefined ? LONG_POLL_S : seconds;
    for (;;) {
      signal.throwIfAborted();
      const path = `imports/${encodeURIComponent(id)}?wait=${wait}`;
      const summary = await this.json<ImportSummary>(path, { signal });
      onProgress?.(summary);
      if (summary.finishedAt !== null) return summary;
    }
  }

  private watch(path: string, options: EventOptions): AsyncGenerator<WatchedEvent> {
    return readEvents((headers, signal) => this.send(path, { headers, signal }), options);
  }

  private act<T>(id: string, action: string, subset: ItemSubset): Promise<T> {
    return this.json(`imports/${encodeURIComponent(id)}/${action}`, {
      method: 'POST',
      ...(Object.keys(subset).length > 0 && {
        body: JSON.stringify(subset),
        headers: { 'content-type': 'application/json' },
      }),
    });
  }

  private async json<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await this.send(path, init);
    const type = response.headers.get('content-type') ?? '';
    if (!type.startsWith('application/json')) throw await errorOf(response);
    const body: T = JSON.parse(await response.text());
    return body;
  }

  private async stream(path: string, init: RequestInit): Promise<ReadableStream<Uint8Array>> {
    const response = await this.send(path, init);
    if (response.body === null) throw new UnexpectedResponseError(response.status, '', '');
    return response.body;
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    // Without it, the path is that of another resource, such as the list of all imports.
    if (/\/(?:[/?]|$)/.test(path)) throw new TypeError('The id must not be empty');
    const response = await this.request(`${this.baseUrl}/api/v1/${path}`, {
      ...init,
      headers: { ...this.headers, ...Object.fromEntries(new Headers(init.headers)) },
    });
    if (!response.ok) throw await errorOf(response);
    return response;
  }
}
