/** Limits of a request. Times in milliseconds, sizes in bytes; `Infinity` removes a limit. */
export interface OutboundLimits {
  /** DNS lookup, TCP connect and TLS handshake together. */
  readonly connectMs: number;
  /** From sending the request to receiving the complete headers. */
  readonly headersMs: number;
  /** Between two chunks of the body while the reader is ready. */
  readonly idleMs: number;
  /** Mean throughput of the body over each `speedWindowMs` in which the reader was ready. 0 removes the limit. */
  readonly minBytesPerSecond: number;
  readonly speedWindowMs: number;
  /** From the call to the last byte of the body, including all redirects. */
  readonly totalMs: number;
  /** Size of the body on the wire. */
  readonly maxBytes: number;
  readonly maxRedirects: number;
  /** Size of the headers of one response. */
  readonly maxHeaderBytes: number;
}

/** Limits that can be set per request; the others apply to connections. */
export type RequestLimits = Omit<OutboundLimits, 'connectMs' | 'maxHeaderBytes'>;

/** Limits of a client that sets none. */
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
