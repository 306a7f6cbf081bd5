/** Why a request failed. A closed list. */
export type OutboundErrorCode =
  | 'URL_BLOCKED'
  | 'HOST_NOT_FOUND'
  | 'CONNECTION_FAILED'
  | 'TLS_FAILED'
  | 'TIMED_OUT'
  | 'TOO_MANY_REDIRECTS'
  | 'TRUNCATED'
  | 'TOO_LARGE'
  | 'CONTENT_ENCODED'
  | 'ABORTED';

interface Fault {
  readonly code: OutboundErrorCode;
  /** Whether the same request may succeed later without any change. */
  readonly temporary: boolean;
  readonly sentence: string;
}

// The sentences are constants, so they cannot leak an address or a port.
const FAULTS = {
  invalidUrl: {
    code: 'URL_BLOCKED',
    temporary: false,
    sentence: 'The URL is invalid; use a complete URL that starts with http:// or https://.',
  },
  scheme: {
    code: 'URL_BLOCKED',
    temporary: false,
    sentence: 'The URL must start with http:// or https://.',
  },
  userinfo: {
    code: 'URL_BLOCKED',
    temporary: false,
    sentence: 'The URL must not contain a user name or password.',
  },
  port: {
    code: 'URL_BLOCKED',
    temporary: false,
    sentence: 'The URL uses a port that is not allowed; use the default port of http or https.',
  },
  host: {
    code: 'URL_BLOCKED',
    temporary: false,
    sentence: 'The URL does not point to the public internet; use a publicly reachable host.',
  },
  redirect: {
    code: 'URL_BLOCKED',
    temporary: false,
    sentence: 'The URL redirects to a location that is not allowed; use the URL of the file itself.',
  },
  downgrade: {
    code: 'URL_BLOCKED',
    temporary: false,
    sentence: 'The URL redirects from https to http; redirect to https instead.',
  },
  hostNotFound: {
    code: 'HOST_NOT_FOUND',
    temporary: false,
    sentence: 'The host name in the URL does not exist; check its spelling.',
  },
  lookupFailed: {
    code: 'HOST_NOT_FOUND',
    temporary: true,
    sentence: 'The host name in the URL could not be resolved; check its name servers.',
  },
  unreachable: {
    code: 'CONNECTION_FAILED',
    temporary: true,
    sentence: 'The server is unreachable; check that it is running.',
  },
  connection: {
    code: 'CONNECTION_FAILED',
    temporary: true,
    sentence: 'The server closed the connection before it responded; check that it is running.',
  },
  notHttp: {
    code: 'CONNECTION_FAILED',
    temporary: false,
    sentence: 'The response is not valid HTTP, or its headers are too large.',
  },
  tls: {
    code: 'TLS_FAILED',
    temporary: false,
    sentence: 'The TLS connection failed; serve a valid certificate for the host name in the URL.',
  },
  connectTimeout: {
    code: 'TIMED_OUT',
    temporary: true,
    sentence: 'Connecting to the server timed out; check that it is running.',
  },
  timeout: {
    code: 'TIMED_OUT',
    temporary: true,
    sentence: 'The server responded too slowly.',
  },
  tooManyRedirects: {
    code: 'TOO_MANY_REDIRECTS',
    temporary: false,
    sentence: 'The URL redirects too many times; use the URL of the file itself.',
  },
  truncated: {
    code: 'TRUNCATED',
    temporary: true,
    sentence: 'The server closed the connection before the transfer was complete.',
  },
  tooLarge: {
    code: 'TOO_LARGE',
    temporary: false,
    sentence: 'The response exceeds the size limit.',
  },
  encoded: {
    code: 'CONTENT_ENCODED',
    temporary: false,
    sentence: 'The server compressed the response; serve it without Content-Encoding.',
  },
  aborted: {
    code: 'ABORTED',
    temporary: false,
    sentence: 'The request was cancelled.',
  },
} as const satisfies Record<string, Fault>;

/** Faults before a connection exists: they depend on the host, not on the request. */
const WITHOUT_CONNECTION: ReadonlySet<string> = new Set(['lookupFailed', 'unreachable', 'connectTimeout']);

/** The reason for a failure, more specific than its code: several faults may share a code. */
export type OutboundFault = keyof typeof FAULTS;

/**
 * The error of this library.
 *
 * `message` is meant for the caller and contains neither address nor port. `cause` may contain both and is meant for
 * the operator's log only.
 */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly code: OutboundErrorCode;
  /** Whether the same request may succeed later without any change. */
  readonly temporary: boolean;
  /** Whether the host itself is currently unreachable: other requests to it would fail as well. */
  readonly hostUnreachable: boolean;

  /** @param fault sets the code, the message and whether the failure is temporary */
  constructor(
    readonly fault: OutboundFault,
    options?: ErrorOptions,
  ) {
    super(FAULTS[fault].sentence, options);
    this.code = FAULTS[fault].code;
    this.temporary = FAULTS[fault].temporary;
    this.hostUnreachable = WITHOUT_CONNECTION.has(fault);
  }
}
