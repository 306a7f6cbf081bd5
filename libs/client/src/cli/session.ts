import { createClient, type Client } from '../client.js';
import { accessOf } from './credentials.js';
import { message } from './output.js';

/** Options that all commands with a server share. */
export interface ServerOptions {
  readonly url?: string;
}

/** A partner's network may be away for a while: the program waits for about an hour. */
const RETRIES = 120;
/** Before the first response, whose absence may be a typing error: about 15 s. */
const FIRST_RETRIES = 5;
/** Retries that are not worth a message. */
const QUIET_WAIT_MS = 2_000;

/** A client for a command; long waits are said. A server that has not answered yet is not waited for that long. */
export async function openClient({ url }: ServerOptions): Promise<Client> {
  const access = await accessOf(url);
  const send = fetchFrom(access.url);
  let hasAnswered = false;
  let retries = 0;
  let unreachable: Error | undefined;
  return createClient({
    ...access,
    fetch: async (input, init) => {
      try {
        const response = await send(input, init);
        hasAnswered = true;
        return response;
      } catch (error) {
        unreachable = error instanceof Error ? error : undefined;
        throw error;
      }
    },
    retry: {
      retries: RETRIES,
      onRetry: (reason, waitMs) => {
        retries += 1;
        if (!hasAnswered && retries > FIRST_RETRIES && unreachable !== undefined) throw unreachable;
        if (waitMs < QUIET_WAIT_MS) return;
        message(`No answer from ${access.url} (${reason}); next attempt in ${Math.ceil(waitMs / 1_000)} s`);
      },
    },
  });
}

/** No connection to the server. Its cause is that of the network. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(url: string, cause: Error) {
    const isAbsent = 'code' in cause && ABSENT.has(String(cause.code));
    const question = isAbsent ? '; is Reelport running there?' : '';
    super(`Cannot reach ${url}: ${cause.message}${question}`, { cause });
  }
}

/** Codes of a network that finds nobody at an address. */
const ABSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);

/** `fetch` whose errors name the server. */
export function fetchFrom(url: string): typeof fetch {
  return async (input, init) => {
    try {
      return await fetch(input, init);
    } catch (error) {
      const cause = error instanceof TypeError ? error.cause : undefined;
      const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
      throw first instanceof Error ? new UnreachableError(url, first) : error;
    }
  };
}
