import createOpenApiClient, { type Client as OpenApiClient } from 'openapi-fetch';
import { Imports } from './imports.js';
import { retrying, type RetryOptions } from './retrying.js';
import type { paths } from './schema.js';

export interface ClientOptions {
  /** URL of the server, including the path of a proxy: `https://reelport.example.com`. */
  readonly url: string;
  /** Access token, without `Bearer`. */
  readonly token: string;
  readonly retry?: RetryOptions;
  /** Replaces the global `fetch`, for tests and proxies. */
  readonly fetch?: typeof globalThis.fetch;
}

/** Access to one project of one server. */
export interface Client {
  readonly url: string;
  readonly imports: Imports;
  /** Every route, typed by the OpenAPI document: `client.api.GET('/api/v1/videos')`. */
  readonly api: OpenApiClient<paths>;
}

/** Creates a client. Nothing is sent before the first call. */
export function createClient({ url, token, retry, fetch: send = globalThis.fetch }: ClientOptions): Client {
  const baseUrl = url.replace(/\/+$/, '');
  const headers = { authorization: `Bearer ${token}` };
  const request = retrying(send, retry);
  const api = createOpenApiClient<paths>({ baseUrl, headers, fetch: (given) => request(given) });
  return { url: baseUrl, api, imports: new Imports(baseUrl, headers, request) };
}
