import type { Readable } from 'node:stream';

import type { Agent } from 'undici';

import { Exchange, type ExchangeResponse } from './exchange.js';
import type { GatedDispatchOptions } from './gated-client.js';
import { guardedAgent } from './guarded-agent.js';
import { DEFAULT_LIMITS, type OutboundLimits, type RequestLimits } from './limits.js';
import { dnsLookup, type NameLookup, systemLookup } from './name-lookup.js';
import { ObservedUrlPolicy } from './observed-url.policy.js';
import { OutboundError } from './outbound.error.js';
import { headersFor, redirectTarget } from './redirect.js';
import { discardBody } from './response-body.js';
import { declaredLength, type ResponseHeaders } from './response-headers.js';
import type { UrlPolicy, UrlPolicyOptions } from './url.policy.js';

/** Options of a client. */
export interface OutboundOptions extends UrlPolicyOptions {
  /** Overrides of `DEFAULT_LIMITS`. */
  readonly limits?: Partial<OutboundLimits>;
  /** Maximum number of open connections per origin; further requests wait. Default: 128. */
  readonly connectionsPerOrigin?: number;
  /** Milliseconds to keep an idle connection if the server does not specify a time. Default: 4000. */
  readonly keepAliveMs?: number;
  /** Value of `User-Agent` for requests without that header. Default: `outbound-http`. */
  readonly userAgent?: string;
  /** PEM certificates accepted in addition to the well-known authorities. */
  readonly certificateAuthorities?: readonly string[];
  /** Default: the operating system for trusted host names, direct DNS queries for all others. */
  readonly lookup?: NameLookup;
}

/** Options of one request. */
export interface OutboundRequest {
  /** Default: GET. */
  readonly method?: 'GET' | 'HEAD' | 'POST';
  /** `Host` is refused and `Accept-Encoding` is overwritten; the client sets both. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Default: true. A redirect of a POST is never followed but returned. */
  readonly followRedirects?: boolean;
  readonly signal?: AbortSignal;
  /** Shorthand for `limits.maxBytes`. */
  readonly maxBytes?: number;
  /** Overrides of the client's limits. */
  readonly limits?: Partial<RequestLimits>;
}

/** A response that holds its connection until its body is read or discarded. */
export interface OutboundResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** URL of the response after redirects. */
  readonly url: URL;
  /** The bytes as they arrive. Fails with an `OutboundError` if a limit is exceeded or the transfer fails. */
  readonly body: Readable;
  /** Releases the connection without reading the body. Never fails. */
  discard(): Promise<void>;
}

/** All connections of a pool can be closed at once, for instance by a server restart. */
const MAX_RESENT = 5;

interface Hop {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly limits: RequestLimits;
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * HTTP client for untrusted URLs. It reaches only the public internet and the trusted networks, and enforces limits on
 * time and size.
 */
export class OutboundClient {
  readonly policy: UrlPolicy;
  readonly #limits: OutboundLimits;
  readonly #userAgent: string;
  readonly #agent: Agent;

  /** @throws TypeError if an entry of `trustedNetworks` or `trustedOrigins` is invalid */
  constructor(options: OutboundOptions = {}) {
    this.policy = new ObservedUrlPolicy(options);
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#userAgent = options.userAgent ?? 'outbound-http';
    this.#agent = guardedAgent({
      policy: this.policy,
      lookup: options.lookup ?? defaultLookup(this.policy),
      connectMs: this.#limits.connectMs,
      maxHeaderBytes: this.#limits.maxHeaderBytes,
      connectionsPerOrigin: options.connectionsPerOrigin ?? 128,
      keepAliveMs: options.keepAliveMs ?? 4_000,
      certificateAuthorities: options.certificateAuthorities ?? [],
    });
  }

  /**
   * Sends a request and follows its redirects.
   *
   * @param url checked by the policy, like every redirect
   * @param request method, headers, body and limits; default: GET
   * @returns the response, with any status, as soon as its headers are complete
   * @throws OutboundError if no response arrives or a limit is exceeded
   */
  async request(url: string | URL, request: OutboundRequest = {}): Promise<OutboundResponse> {
    const limits = this.#limitsOf(request);
    const method = request.method ?? 'GET';
    const follow = method !== 'POST' && request.followRedirects !== false;
    let hop: Hop = {
      url: this.policy.check(url),
      method,
      headers: this.#headersOf(request),
      body: request.body,
      limits,
      deadline: performance.now() + limits.totalMs,
      signal: request.signal,
    };
    for (let redirects = 0; ; redirects++) {
      const answer = await this.#exchange(hop).catch((error: unknown) => {
        throw redirects > 0 ? asRedirectError(error) : error;
      });
      const response = toResponse(answer, hop.url);
      const target = follow ? redirectTarget(answer.status, answer.headers, hop.url) : undefined;
      if (!target) return response;
      // Runs in the background: the next hop does not wait for an unread body.
      void response.discard();
      if (redirects >= limits.maxRedirects) throw new OutboundError('tooManyRedirects');
      hop = { ...hop, ...this.#nextStop(hop, target) };
    }
  }

  /**
   * Aborts in-flight requests (`ABORTED`) and closes all connections.
   *
   * @returns when all connections are closed
   */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #limitsOf({ limits, maxBytes }: OutboundRequest): RequestLimits {
    return { ...this.#limits, ...limits, ...(maxBytes !== undefined && { maxBytes }) };
  }

  #headersOf({ headers = {} }: OutboundRequest): Readonly<Record<string, string>> {
    const result: Record<string, string> = { 'user-agent': this.#userAgent, accept: '*/*' };
    for (const [name, value] of Object.entries(headers)) result[name.toLowerCase()] = value;
    if ('host' in result) throw new TypeError('The Host header cannot be set: it follows from the URL');
    result['accept-encoding'] = 'identity';
    return result;
  }

  /** Resends a request immediately if its kept-alive connection turns out to be closed (RFC 9112, section 9.3.1). */
  async #exchange(hop: Hop): Promise<ExchangeResponse> {
    for (let resent = 0; ; resent++) {
      const exchange = this.#send(hop);
      const mayResend = hop.method !== 'POST' && resent < MAX_RESENT;
      try {
        const response = await exchange.response;
        if (!mayResend || !exchange.isReused || !isIdleTimeout(response)) return response;
        void discardBody(response.body, declaredLength(response.headers));
      } catch (error) {
        if (!mayResend || !exchange.diedUnused) throw error;
      }
    }
  }

  #send({ url, method, headers, body, limits, deadline, signal }: Hop): Exchange {
    if (signal?.aborted) throw new OutboundError('aborted', { cause: signal.reason });
    const exchange = new Exchange({ method, limits, deadline, signal });
    const path = url.pathname + url.search;
    const request: GatedDispatchOptions = {
      exchange,
      origin: url.origin,
      path,
      method,
      headers,
      body: body ?? null,
    };
    this.#agent.dispatch(request, exchange);
    return exchange;
  }

  #nextStop(hop: Hop, target: URL): Pick<Hop, 'url' | 'headers'> {
    let url: URL;
    try {
      url = this.policy.check(target);
    } catch (error) {
      throw asRedirectError(error);
    }
    if (hop.url.protocol === 'https:' && url.protocol === 'http:') throw new OutboundError('downgrade');
    return { url, headers: headersFor(url, hop.url, hop.headers) };
  }
}

/** Some servers send a 408 before they close an idle connection; a request may cross it on the wire. */
function isIdleTimeout({ status, headers }: ExchangeResponse): boolean {
  return status === 408 && /\bclose\b/i.test(headers['connection'] ?? '');
}

/** Reports a blocked redirect target as a redirect: the caller did not provide that URL. */
function asRedirectError(error: unknown): unknown {
  const isBlocked = error instanceof OutboundError && error.code === 'URL_BLOCKED';
  return isBlocked ? new OutboundError('redirect', { cause: error }) : error;
}

function toResponse({ status, headers, body }: ExchangeResponse, url: URL): OutboundResponse {
  return { status, headers, url, body, discard: () => discardBody(body, declaredLength(headers)) };
}

function defaultLookup(policy: UrlPolicy): NameLookup {
  const publicNames = dnsLookup();
  return (hostname) => (policy.trustsHost(hostname) ? systemLookup : publicNames)(hostname);
}
