/** An answer of the API. */
export interface ApiAnswer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed if it is JSON, otherwise a string. */
  readonly body: T;
}

/**
 * Sends one request with a token.
 *
 * @param init a `body` other than a string is sent as JSON
 */
export async function callApi<T = unknown>(
  url: string,
  token: string,
  method: string,
  { body, headers }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<ApiAnswer<T>> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
  return {
    status: response.status,
    headers: response.headers,
    body: JSON.parse(isJson ? text : JSON.stringify(text)),
  };
}
