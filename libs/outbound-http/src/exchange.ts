import type { Dispatcher } from 'undici';

import { CompressionCheck, compressionsOf } from './compression.js';
import type { RequestLimits } from './limits.js';
import { OutboundError } from './outbound.error.js';
import { type BodySource, ResponseBody } from './response-body.js';
import { declaredLength, flattenHeaders, type ResponseHeaders } from './response-headers.js';
import type { ReadGate } from './read-gate.js';
import { toOutboundError } from './transport-error.mapping.js';
import { Watchdog } from './watchdog.js';

export interface ExchangeOptions {
  readonly method: string;
  readonly limits: RequestLimits;
  /** Milliseconds on the clock of `performance.now()`. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

/** The response to one request, before redirects are considered. */
export interface ExchangeResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: ResponseBody;
}

type IncomingHeaders = Parameters<typeof flattenHeaders>[0];

/**
 * One request and its response. Turns undici's callbacks into a promise of the headers and a stream of the body, and
 * enforces the limits. Settles once: on completion or at the first failure.
 */
export class Exchange implements Dispatcher.DispatchHandler, BodySource {
  readonly response: Promise<ExchangeResponse>;

  readonly #method: string;
  readonly #maxBytes: number;
  readonly #signal: AbortSignal | undefined;
  readonly #watchdog: Watchdog;
  readonly #onAbort = (): void => this.#fail(new OutboundError('aborted', { cause: this.#signal?.reason }));
  #resolve: (response: ExchangeResponse) => void;
  #reject: (error: Error) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #body: ResponseBody | undefined;
  #failure: Error | undefined;
  #gate: ReadGate | undefined;
  #compression: CompressionCheck | undefined;
  #isReused = false;
  #diedUnused = false;
  #paused = false;
  #complete = false;

  constructor({ method, limits, deadline, signal }: ExchangeOptions) {
    this.#method = method;
    this.#maxBytes = limits.maxBytes;
    this.#signal = signal;
    this.#watchdog = new Watchdog(limits, deadline, () => this.#fail(new OutboundError('timeout')));
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Sets the gate that can pause the connection. Called before the request is sent. */
  through(gate: ReadGate): void {
    this.#gate = gate;
  }

  /** Whether the request went out on a connection that an earlier exchange had kept alive. */
  get isReused(): boolean {
    return this.#isReused;
  }

  /** Whether a reused connection closed before the first byte of the response. */
  get diedUnused(): boolean {
    return this.#diedUnused;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // A request can fail while it waits for a connection; undici cannot withdraw it earlier.
    if (this.#failure) return controller.abort(this.#failure);
    this.#isReused = this.#gate?.begin() ?? false;
    this.#watchdog.requestSent();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, incoming: IncomingHeaders): void {
    // Interim responses do not stop the clock for the headers.
    if (status < 200) return;
    const headers = flattenHeaders(incoming);
    // Only a successful GET needs the bytes; for any other response the caller may need the status alone.
    if (this.#method === 'GET' && status < 300) {
      if (declaredLength(headers) > this.#maxBytes) return this.#fail(new OutboundError('tooLarge'));
      const compressions = compressionsOf(headers);
      if (compressions.length > 0 && beginsAtByte0(headers))
        this.#compression = new CompressionCheck(compressions);
    }
    this.#watchdog.headersReceived();
    this.#body = new ResponseBody(this);
    this.#resolve({ status, headers, body: this.#body });
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#watchdog.received(chunk.length);
    if (this.#watchdog.bytes > this.#maxBytes) return this.#fail(new OutboundError('tooLarge'));
    if (this.#compression?.isFoundIn(chunk)) return this.#fail(new OutboundError('encoded'));
    if (this.#body?.push(chunk) === false && !this.#paused) {
      this.#paused = true;
      this.#gate?.close();
      this.#watchdog.paused();
    }
  }

  onResponseEnd(): void {
    this.#complete = true;
    // A body without a length ends with its connection (RFC 9112, 6.3); undici reports a reset as such an end.
    if (this.#gate?.broken) return this.#fail(new OutboundError('truncated'));
    if (this.#compression?.isFoundIn()) return this.#fail(new OutboundError('encoded'));
    this.#watchdog.stop();
    // From here on, the connection belongs to the next exchange.
    this.resume();
    this.#body?.push(null);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    const failure = toOutboundError(error, this.#body ? 'body' : 'before-headers');
    const isCut = failure instanceof OutboundError && failure.fault === 'connection';
    this.#diedUnused = isCut && this.#isReused && this.#gate?.hasAnswered === false;
    this.#fail(failure);
  }

  /** Part of `BodySource`. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#watchdog.resumed();
    this.#gate?.open();
  }

  /** Part of `BodySource`. */
  closed(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    if (!this.#complete) this.#fail(new OutboundError('aborted'));
  }

  #fail(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#watchdog.stop();
    if (this.#body) {
      this.#body.destroy(error);
    } else {
      this.#signal?.removeEventListener('abort', this.#onAbort);
      this.#reject(error);
    }
    if (!this.#complete) this.#controller?.abort(error);
  }
}

/** Whether the body starts at byte 0 of the file. Only the start of a file shows whether it is compressed. */
function beginsAtByte0(headers: ResponseHeaders): boolean {
  return !/^bytes (?!0-)/i.test(headers['content-range']?.trim() ?? '');
}
