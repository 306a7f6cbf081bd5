import { createClient, type Client } from '#libs/client';
import { SERVER_URL } from '../lib/place.js';
import { connection } from './connection.svelte.js';
import { Trouble, troubleOf } from './trouble.js';

export type Api = Client['api'];

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

let client: Client | undefined;
let bearer = '';
let onSignedOut: (trouble: Trouble) => void = () => undefined;

/** @param token undefined signs out */
export function useToken(token: string | undefined): void {
  // Pages repeat calls themselves, so that they can say that they do.
  client = token === undefined ? undefined : clientOf(token);
  bearer = token ?? '';
}

export function clientOf(token: string): Client {
  return createClient({ url: SERVER_URL, token, retry: { retries: 0 } });
}

/** The client of who is signed in; undefined if nobody is. */
export function currentClient(): Client | undefined {
  return client;
}

/** @param listener called when a token of a call is no longer accepted */
export function whenSignedOut(listener: (trouble: Trouble) => void): void {
  onSignedOut = listener;
}

/**
 * Calls the API: `ask((api) => api.GET('/api/v1/imports', { params, signal }))`.
 *
 * @returns the body of the response
 * @throws Trouble; AbortError
 */
export async function ask<T>(call: (api: Api) => Promise<Answer<T>>): Promise<NonNullable<T>> {
  return bodyOf(await called(call));
}

/** Calls a route that responds without a body, 204. @throws Trouble; AbortError */
export async function tell(call: (api: Api) => Promise<Answer<unknown>>): Promise<void> {
  await called(call);
}

/** The whole body of a GET as bytes, for downloads. @param path below the server: `/api/v1/…` */
export async function download(path: string): Promise<Blob> {
  const headers = { authorization: `Bearer ${bearer}` };
  const answer = await called(async () => {
    const response = await fetch(SERVER_URL + path, { headers });
    if (response.ok) return { response, data: await response.blob() };
    return { response, error: await response.json().catch(() => undefined) };
  });
  return bodyOf(answer);
}

/**
 * Calls a POST whose path is known only at run time, such as that of a kind.
 *
 * @param path below the server: `/api/v1/…`
 * @returns the body of the response
 * @throws Trouble; AbortError
 */
export async function post(
  path: string,
  body: unknown,
  { headers = {}, signal }: { headers?: Readonly<Record<string, string>>; signal?: AbortSignal } = {},
): Promise<unknown> {
  const init = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  };
  const answer = await called(async (): Promise<Answer<unknown>> => {
    const response = await fetch(SERVER_URL + path, init);
    const content: unknown = await response.json().catch(() => undefined);
    return response.ok ? { response, data: content } : { response, error: content };
  });
  return bodyOf(answer);
}

/** The body of a call with another client. @throws Trouble; AbortError */
export async function answerOf<T>(calling: Promise<Answer<T>>): Promise<NonNullable<T>> {
  return bodyOf(await arrived(calling));
}

async function called<T>(call: (api: Api) => Promise<Answer<T>>): Promise<Answer<T>> {
  if (client === undefined) throw new Trouble('signedOut', '');
  try {
    return await arrived(call(client.api));
  } catch (error) {
    if (error instanceof Trouble && error.kind === 'signedOut') onSignedOut(error);
    throw error;
  }
}

async function arrived<T>(calling: Promise<Answer<T>>): Promise<Answer<T>> {
  const answer = await calling.catch(throwUnreachable);
  const trouble = answer.response.ok ? undefined : troubleOf(answer.response, answer.error);
  if (trouble?.kind === 'unreachable') connection.failed();
  else connection.worked();
  if (trouble !== undefined) throw trouble;
  return answer;
}

function bodyOf<T>({ data }: Answer<T>): NonNullable<T> {
  if (data === undefined || data === null) throw new Trouble('unreachable', '');
  return data;
}

function throwUnreachable(error: unknown): never {
  if (error instanceof DOMException && error.name === 'AbortError') throw error;
  connection.failed();
  throw new Trouble('unreachable', '');
}
