import type { Readable } from 'node:stream';

import type { Agent } from 'undici';

import { Exchange, type ExchangeResponse } from './exchange.js';
import type { GatedDispatchOptions } from './gated-client.js';
import { guardedAgent } from './guarded-agent.js';
import { DEFAULT_LIMITS, type OutboundLimits, type RequestLimits } from './limits.js';
import { dnsLookup, type NameLookup, systemLookup } from './name-lookup.js';
import { OutboundError } from './outbound.error.js';
import { headersFor, redirectTarget } from './redirect.js';
import { discardBody } from './response-body.js';
import { declaredLength, type ResponseHeaders } from './response-headers.js';
import { UrlPolicy, type UrlPolicyOptions } from './url.policy.js';

export interface OutboundOptions extends UrlPolicyOptions {
  /** Differences from `DEFAULT_LIMITS`. */
  readonly limits?: Partial<OutboundLimits>;
  /** Connections that may be open to one origin at once; further requests wait. Default: 128. */
  readonly connectionsPerOrigin?: number;
  /** Milliseconds that an unused connection is kept where the server does not say. Default: 4000. */
  readonly keepAliveMs?: number;
  /** Sent where a request has no header of that name. */
  readonly userAgent?: string;
  /** PEM certificates accepted beside the well-known ones. */
  readonly certificateAuthorities?: readonly string[];
  /** Default: the operating system for trusted host names, the name servers for all others. */
  readonly lookup?: NameLookup;
}

export interface OutboundRequest {
  /** Default: GET. */
  readonly method?: 'GET' | 'HEAD' | 'POST';
  /** `Host` and `Accept-Encoding` are the client's own business. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Default: true. The redirect of a POST is never followed, but handed back. */
  readonly followRedirects?: boolean;
  readonly signal?: AbortSignal;
  /** Short for `limits.maxBytes`. */
  readonly maxBytes?: number;
  /** Differences from the limits of the client. */
  readonly limits?: Partial<RequestLimits>;
}

/** An answer whose body has yet to be read or discarded: until then it holds its connection. */
export interface OutboundResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Where the answer came from in the end. */
  readonly url: URL;
  /** The bytes as they arrive. Fails with an `OutboundError` when they break a limit or break off. */
  readonly body: Readable;
  /** Frees the connection when the body is not wanted. Never fails. */
  discard(): Promise<void>;
}

/** Connections of a pool may have died together, with a restart of the server. */
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
 * The HTTP client for addresses that strangers choose. It reaches the public internet and the networks
 * it was told to trust, and nothing else.
 */
export class OutboundClient {
  readonly policy: UrlPolicy;
  readonly #limits: OutboundLimits;
  readonly #userAgent: string;
  readonly #agent: Agent;

  /** @throws TypeError when an entry of `trustedNetworks` cannot be read */
  constructor(options: OutboundOptions = {}) {
    this.policy = new UrlPolicy(options);
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
   * @returns the answer, whatever its status, as soon as its headers are there
   * @throws OutboundError for everything that kept an answer from coming
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
      // In the background: the next hop need not wait for the rest of an answer that nobody reads.
      void response.discard();
      if (redirects >= limits.maxRedirects) throw new OutboundError('tooManyRedirects');
      hop = { ...hop, ...this.#nextStop(hop, target) };
    }
  }

  /** Ends what is under way (`ABORTED`) and closes all connections. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #limitsOf({ limits, maxBytes }: OutboundRequest): RequestLimits {
    return { ...this.#limits, ...limits, ...(maxBytes !== undefined && { maxBytes }) };
  }

  #headersOf({ headers = {} }: OutboundRequest): Readonly<Record<string, string>> {
    const result: Record<string, string> = { 'user-agent': this.#userAgent, accept: '*/*' };
    for (const [name, value] of Object.entries(headers)) result[name.toLowerCase()] = value;
    if ('host' in result) throw new TypeError('The Host header follows from the URL');
    result['accept-encoding'] = 'identity';
    return result;
  }

  /** Sends a request again at once where a kept-alive connection turns out to be closed (RFC 9112, section 9.3.1). */
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

/** What some servers say before they close an idle connection, and say again where a request crosses it. */
function isIdleTimeout({ status, headers }: ExchangeResponse): boolean {
  return status === 408 && /\bclose\b/i.test(headers['connection'] ?? '');
}

/** Whoever gave the first address did not write the forbidden one, and is told what leads there. */
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
