import createOpenApiClient, { type Client as OpenApiClient } from 'openapi-fetch';
import { Imports } from './imports.js';
import { Media } from './media.js';
import { retrying, type RetryOptions } from './retrying.js';
import type { JSONWebKeySet } from 'jose';
import { errorOf } from './errors.js';
import type { components, paths } from './schema.js';

/** Project, name and scopes of a token. */
export type Caller = components['schemas']['MeDto'];

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
  readonly media: Media;
  /** What the token is and may do; any valid token may ask. @throws ReelportError 401 if it is not valid */
  whoAmI(signal?: AbortSignal): Promise<Caller>;
  /** Public keys of receipts, for `verifyReceipt()`. */
  receiptKeys(signal?: AbortSignal): Promise<JSONWebKeySet>;
  /** Every route, typed by the OpenAPI document: `client.api.GET('/api/v1/videos')`. */
  readonly api: OpenApiClient<paths>;
}

/** Creates a client. Nothing is sent before the first call. */
export function createClient({ url, token, retry, fetch: send = globalThis.fetch }: ClientOptions): Client {
  const baseUrl = url.replace(/\/+$/, '');
  const headers = { authorization: `Bearer ${token}` };
  const request = retrying(send, retry);
  const api = createOpenApiClient<paths>({ baseUrl, headers, fetch: (given) => request(given) });
  const read = async <T>(path: string, init: RequestInit, signal?: AbortSignal): Promise<T> => {
    const response = await request(`${baseUrl}${path}`, { ...init, ...(signal && { signal }) });
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    if (!response.ok || !isJson) throw await errorOf(response);
    const body: T = JSON.parse(await response.text());
    return body;
  };
  return {
    url: baseUrl,
    api,
    whoAmI: (signal) => read('/api/v1/auth/me', { headers }, signal),
    receiptKeys: (signal) => read('/.well-known/jwks.json', {}, signal),
    imports: new Imports(baseUrl, headers, request, send),
    media: new Media(baseUrl, headers, request),
  };
}
