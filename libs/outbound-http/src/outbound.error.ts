/** Why a request did not end in a complete answer. A closed list. */
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
  /** Whether the same request may succeed later without anybody changing anything. */
  readonly temporary: boolean;
  readonly sentence: string;
}

// The sentences are constants, so that none can carry an address or a port.
const FAULTS = {
  invalidUrl: {
    code: 'URL_BLOCKED',
    temporary: false,
    sentence: 'The address is not a valid URL; give a complete one that begins with http:// or https://.',
  },
  scheme: {
    code: 'URL_BLOCKED',
    temporary: false,
    sentence: 'The address must begin with http:// or https://.',
  },
  userinfo: {
    code: 'URL_BLOCKED',
    temporary: false,
    sentence: 'The address must not contain a user name or a password.',
  },
  port: {
    code: 'URL_BLOCKED',
    temporary: false,
    sentence: 'The address uses a port that is not allowed; use the standard port of http or https.',
  },
  host: {
    code: 'URL_BLOCKED',
    temporary: false,
    sentence:
      'The address does not lead to the public internet; use one that can be reached from everywhere.',
  },
  redirect: {
    code: 'URL_BLOCKED',
    temporary: false,
    sentence: 'The address redirects to a place that is not allowed; give the address of the file itself.',
  },
  downgrade: {
    code: 'URL_BLOCKED',
    temporary: false,
    sentence: 'The address redirects from https to http; let it redirect to https.',
  },
  hostNotFound: {
    code: 'HOST_NOT_FOUND',
    temporary: false,
    sentence: 'The host name in the address does not exist; check its spelling.',
  },
  lookupFailed: {
    code: 'HOST_NOT_FOUND',
    temporary: true,
    sentence: 'The host name in the address could not be looked up; check that its name servers answer.',
  },
  unreachable: {
    code: 'CONNECTION_FAILED',
    temporary: true,
    sentence: 'The server could not be reached; check that it is running.',
  },
  connection: {
    code: 'CONNECTION_FAILED',
    temporary: true,
    sentence: 'The server closed the connection before it had answered; check that it is running.',
  },
  notHttp: {
    code: 'CONNECTION_FAILED',
    temporary: false,
    sentence: 'The server did not answer with valid HTTP, or with headers that are too large.',
  },
  tls: {
    code: 'TLS_FAILED',
    temporary: false,
    sentence:
      'No secure connection could be made; serve a valid certificate for the host name in the address.',
  },
  connectTimeout: {
    code: 'TIMED_OUT',
    temporary: true,
    sentence: 'The server could not be reached in time; check that it is running.',
  },
  timeout: {
    code: 'TIMED_OUT',
    temporary: true,
    sentence: 'The server took too long to answer, or sent its answer too slowly.',
  },
  tooManyRedirects: {
    code: 'TOO_MANY_REDIRECTS',
    temporary: false,
    sentence: 'The address redirects too many times; give the address of the file itself.',
  },
  truncated: {
    code: 'TRUNCATED',
    temporary: true,
    sentence: 'The server ended the transfer before it was complete.',
  },
  tooLarge: {
    code: 'TOO_LARGE',
    temporary: false,
    sentence: 'The answer of the server is larger than is allowed.',
  },
  encoded: {
    code: 'CONTENT_ENCODED',
    temporary: false,
    sentence:
      'The server compressed its answer although it was asked not to; serve it without Content-Encoding.',
  },
  aborted: {
    code: 'ABORTED',
    temporary: false,
    sentence: 'The request was cancelled.',
  },
} as const satisfies Record<string, Fault>;

/** Faults that occur before there is a connection: they tell of the host, and nothing of what was asked for. */
const WITHOUT_CONNECTION: ReadonlySet<string> = new Set(['lookupFailed', 'unreachable', 'connectTimeout']);

/** The name of one sentence; several may share a code. */
export type OutboundFault = keyof typeof FAULTS;

/**
 * The one error of this library.
 *
 * `message` is a sentence for whoever chose the URL and holds neither address nor port;
 * `cause` may hold both, and is for the operator's log alone.
 */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly code: OutboundErrorCode;
  /** Whether the same request may succeed later without anybody changing anything. */
  readonly temporary: boolean;
  /** Whether the host could not be reached at all, for now: the same holds for whatever else is asked of it. */
  readonly hostUnreachable: boolean;

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
