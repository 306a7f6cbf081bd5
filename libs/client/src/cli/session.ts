import { createClient, type Client } from '../client.js';
import { accessOf } from './credentials.js';
import { message } from './output.js';

/** Options that all commands with a server share. */
export interface ServerOptions {
  readonly url?: string;
}

/** A partner's network may be away for a while: the program waits for about an hour. */
const RETRIES = 120;
/** Retries that are not worth a message. */
const QUIET_WAIT_MS = 2_000;

/** A client for a command; long waits are said. */
export async function openClient({ url }: ServerOptions): Promise<Client> {
  const access = await accessOf(url);
  return createClient({
    ...access,
    retry: {
      retries: RETRIES,
      onRetry: (reason, waitMs) => {
        if (waitMs < QUIET_WAIT_MS) return;
        message(`No answer from ${access.url} (${reason}); next attempt in ${Math.ceil(waitMs / 1_000)} s`);
      },
    },
  });
}
