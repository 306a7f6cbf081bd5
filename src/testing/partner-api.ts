import { setTimeout as wait } from 'node:timers/promises';
import { callApi, type ApiAnswer } from './call-api.js';

const POLL_EVERY_MS = 25;

/** An item of a finished import, as the status lists it; the result is under the noun of the kind. */
export interface ImportedItem {
  readonly state: 'success' | 'skipped' | 'failed';
  readonly externalId: string;
  /** Why it was skipped or failed. */
  readonly reason?: string;
  /** Failure code; only for failed items. */
  readonly code?: string;
  readonly [member: string]: unknown;
}

/** What a batch has besides its items. */
export interface BatchOptions {
  /** Default: `test`. */
  readonly systemName?: string;
  /** URL of a receiver. */
  readonly webhook?: string;
  readonly context?: object;
}

export interface WaitLimit {
  /** Default: 60 000. */
  readonly timeoutMs?: number;
}

/** Calls the API like a partner does. */
export class PartnerApi {
  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly mediaKinds: ReadonlySet<string>,
  ) {}

  /**
   * Sends one request.
   *
   * @param path such as `/api/v1/imports`
   * @param init a `body` other than a string is sent as JSON
   */
  call<T = unknown>(
    method: string,
    path: string,
    init: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<ApiAnswer<T>> {
    return callApi(this.url + path, this.token, method, init);
  }

  /**
   * Imports a batch and waits for its end.
   *
   * @param kind name of the kind, such as `images`
   * @param items entries of the batch; `fileName` and `metadata` of media have defaults
   * @returns the items in the order of the batch
   * @throws Error with the answer if the batch is refused, or with the latest status after the time limit
   */
  async import(
    kind: string,
    items: ReadonlyArray<Readonly<Record<string, unknown>>>,
    options: BatchOptions & WaitLimit = {},
  ): Promise<ImportedItem[]> {
    return this.finished(kind, await this.post(kind, items, options), options);
  }

  /**
   * Posts a batch.
   *
   * @returns the id of its import
   * @throws Error with the answer if the batch is refused
   */
  async post(
    kind: string,
    items: ReadonlyArray<Readonly<Record<string, unknown>>>,
    { systemName = 'test', webhook, context }: BatchOptions = {},
  ): Promise<string> {
    const entries = this.mediaKinds.has(kind)
      ? items.map((item) => ({ fileName: String(item['id']), metadata: {}, ...item }))
      : items;
    const { status, body } = await this.call<{ id: string }>('POST', `/api/v1/import/${kind}`, {
      body: { systemName, [kind]: entries, webhook, context },
    });
    if (status !== 200) throw new Error(`The batch was answered ${status}: ${JSON.stringify(body)}`);
    return body.id;
  }

  /**
   * Polls the status until an import is finished.
   *
   * @returns its items in the order of the batch
   * @throws Error with the latest status after the time limit
   */
  async finished(kind: string, id: string, { timeoutMs = 60_000 }: WaitLimit = {}): Promise<ImportedItem[]> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const { status, body } = await this.call<{ finished: boolean; [kind: string]: unknown }>(
        'GET',
        `/api/v1/import/${kind}/status?id=${encodeURIComponent(id)}`,
      );
      const items = body[kind];
      if (body.finished && Array.isArray(items)) return items;
      if (status >= 400 || performance.now() > deadline) {
        throw new Error(`Import ${id} is not finished after ${timeoutMs} ms: ${JSON.stringify(body)}`);
      }
      await wait(POLL_EVERY_MS);
    }
  }
}
