import type { ClientConfig } from 'pg';

export const CONNECT_TIMEOUT_MS = 5_000;
const KEEPALIVE_AFTER_MS = 10_000;
/** How much longer we wait than the server may take: what it cancels in time keeps its connection. */
const ANSWER_MARGIN_MS = 2_000;

/**
 * What a connection needs to notice a server that has vanished or keeps silent: keepalive, which a proxy may answer for
 * it, and a limit on the wait for each answer.
 *
 * @param timeoutMs how long a statement may take; without it, any time
 */
export function connectionLimits(timeoutMs?: number): ClientConfig {
  return {
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_AFTER_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(timeoutMs !== undefined && { query_timeout: timeoutMs + ANSWER_MARGIN_MS }),
  };
}
