/** What a request may cost. Times in milliseconds, sizes in bytes; `Infinity` lifts a limit. */
export interface OutboundLimits {
  /** Lookup, TCP and TLS handshake together. */
  readonly connectMs: number;
  /** From the request being sent to the headers being complete. */
  readonly headersMs: number;
  /** Gap between two pieces of the body while we are ready to read. */
  readonly idleMs: number;
  /** Mean speed of the body over each `speedWindowMs` in which we were ready to read. 0: any. */
  readonly minBytesPerSecond: number;
  readonly speedWindowMs: number;
  /** Everything, from the call to the last byte of the body, over all redirects. */
  readonly totalMs: number;
  /** Body, as it comes over the wire. */
  readonly maxBytes: number;
  readonly maxRedirects: number;
  /** Headers of one answer. */
  readonly maxHeaderBytes: number;
}

/** The limits that can differ from request to request; the others belong to the connections. */
export type RequestLimits = Omit<OutboundLimits, 'connectMs' | 'maxHeaderBytes'>;

export const DEFAULT_LIMITS: OutboundLimits = Object.freeze({
  connectMs: 10_000,
  headersMs: 30_000,
  idleMs: 30_000,
  minBytesPerSecond: 8 * 1024,
  speedWindowMs: 30_000,
  totalMs: 6 * 60 * 60 * 1000,
  maxBytes: 10 * 1024 ** 3,
  maxRedirects: 5,
  maxHeaderBytes: 16 * 1024,
});
