import type { ClientConfig } from 'pg';

export const CONNECT_TIMEOUT_MS = 5_000;
const KEEPALIVE_AFTER_MS = 10_000;
/** Client-side margin over the server's limit, so that a statement cancelled by the server keeps its connection. */
const ANSWER_MARGIN_MS = 2_000;

/**
 * Settings that detect a vanished or unresponsive server: keepalive, and a time limit for each reply, because a proxy
 * may answer keepalives on the server's behalf.
 *
 * @param timeoutMs time limit of a statement; default: none
 */
export function connectionLimits(timeoutMs?: number): ClientConfig {
  return {
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_AFTER_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(timeoutMs !== undefined && { query_timeout: timeoutMs + ANSWER_MARGIN_MS }),
  };
}
