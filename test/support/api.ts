import { callApi, type ApiAnswer } from '../../src/testing/call-api.js';

export type { ApiAnswer } from '../../src/testing/call-api.js';

export interface FinishedStatus {
  finished: true;
  state: 'success' | 'failed';
  id: string;
  videos: Array<
    Record<string, unknown> & {
      state: 'success' | 'skipped' | 'failed';
      externalId: string;
      video?: Record<string, unknown>;
    }
  >;
  overview: { total: number; success: number; skipped: number; failed: number };
}

export interface NewVideo {
  url: string;
  id: string;
  fileName: string;
  metadata: Record<string, unknown>;
}

/** Calls the API of a running Reelport like a partner system does. */
export class ApiClient {
  constructor(
    readonly baseUrl: string,
    readonly token: string,
  ) {}

  /** @param init a `body` other than a string is sent as JSON */
  call<T = unknown>(
    method: string,
    path: string,
    init: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<ApiAnswer<T>> {
    return callApi(this.baseUrl + path, this.token, method, init);
  }

  /** Posts a batch. Returns the id of its import. */
  async importVideos(
    systemName: string,
    videos: readonly NewVideo[],
    more: Record<string, unknown> = {},
  ): Promise<string> {
    const answer = await this.call<{ id: string }>('POST', '/api/v1/import/videos', {
      body: { systemName, videos, ...more },
    });
    if (answer.status !== 200)
      throw new Error(`The import was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body.id;
  }

  status<T = Record<string, unknown>>(id: string): Promise<ApiAnswer<T>> {
    return this.call<T>('GET', `/api/v1/import/videos/status?id=${encodeURIComponent(id)}`);
  }

  /** Polls the status until the import is finished. */
  async finished(id: string, timeoutMs = 120_000): Promise<FinishedStatus> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const { body } = await this.status<FinishedStatus | { finished: false }>(id);
      if (body.finished) return body;
      if (Date.now() > deadline) throw new Error(`Import ${id} is not finished: ${JSON.stringify(body)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
