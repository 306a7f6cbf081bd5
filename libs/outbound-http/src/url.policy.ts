import { isPublicHostName, withoutTrailingDot } from './host-name.js';
import { OutboundError } from './outbound.error.js';
import { parseUrl } from './parse-url.js';
import { type IpAddress, isPublicAddress, parseAddress } from './public-address.js';
import { TrustedNetworks } from './trusted-networks.js';
import { TrustedOrigins } from './trusted-origins.js';
import { bareHost, portOf } from './url-parts.js';

/** Exceptions from the default policy: the public internet, ports 80 and 443. */
export interface UrlPolicyOptions {
  /** Private CIDRs, addresses and host names that may be reached, at any port. Default: none. */
  readonly trustedNetworks?: readonly string[];
  /** Allowed ports outside of trusted networks. Default: 80 and 443. */
  readonly allowedPorts?: readonly number[];
  /**
   * Private origins that may be reached, such as `http://127.0.0.1:4711`: exactly this address, in this spelling, at
   * this port. Default: none.
   */
  readonly trustedOrigins?: readonly string[];
}

/** Decides which URLs may be requested. Pure: it never performs a lookup. */
export class UrlPolicy {
  readonly #trusted: TrustedNetworks;
  readonly #ports: ReadonlySet<number>;
  readonly #origins: TrustedOrigins;

  /** @throws TypeError if an entry of `trustedNetworks` or `trustedOrigins` is invalid */
  constructor(options: UrlPolicyOptions = {}) {
    this.#origins = new TrustedOrigins(options.trustedOrigins ?? []);
    this.#trusted = new TrustedNetworks(options.trustedNetworks ?? []);
    this.#ports = new Set(options.allowedPorts ?? [80, 443]);
  }

  /**
   * Checks a URL without any lookup.
   *
   * @returns the URL to request: parsed by the WHATWG rules, its host without a trailing dot
   * @throws OutboundError `URL_BLOCKED`
   */
  check(url: string | URL): URL {
    const parsed = parseUrl(url);
    if (!parsed) throw new OutboundError('invalidUrl');
    if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') throw new OutboundError('scheme');
    if (parsed.username !== '' || parsed.password !== '') throw new OutboundError('userinfo');
    if (this.#origins.has(parsed)) return parsed;
    const address = parseAddress(bareHost(parsed));
    if (address) this.#checkAddress(address, portOf(parsed));
    else this.#checkName(parsed);
    return parsed;
  }

  /**
   * Checks the addresses of a resolved host name. Call it before a socket connects.
   *
   * @param hostname host of a URL that `check` returned
   * @param port port of that URL
   * @param addresses all addresses of the name; one forbidden address blocks the name
   * @throws OutboundError `URL_BLOCKED`
   */
  checkResolved(hostname: string, port: number, addresses: readonly string[]): void {
    if (this.#trusted.hasHost(hostname) || this.#origins.hasEndpoint(hostname, port)) return;
    for (const text of addresses) {
      const address = parseAddress(text);
      if (!address) throw new OutboundError('host');
      this.#checkAddress(address, port);
    }
  }

  /** Whether a host is trusted by name. */
  trustsHost(hostname: string): boolean {
    return this.#trusted.hasHost(hostname);
  }

  #checkAddress(address: IpAddress, port: number): void {
    if (this.#trusted.hasAddress(address)) return;
    // The address is checked first, so that every port in a forbidden range gives the same error.
    if (!isPublicAddress(address)) throw new OutboundError('host');
    if (!this.#ports.has(port)) throw new OutboundError('port');
  }

  #checkName(parsed: URL): void {
    const name = withoutTrailingDot(parsed.hostname);
    // Certificates, connection pools and per-host limits need one spelling per host.
    if (name !== parsed.hostname && name !== '') parsed.hostname = name;
    if (this.#trusted.hasHost(name)) return;
    if (!isPublicHostName(name)) throw new OutboundError('host');
    // A name in a trusted network may use any port, but only its addresses show where it leads.
    if (!this.#ports.has(portOf(parsed)) && !this.#trusted.hasNetworks) throw new OutboundError('port');
  }
}
