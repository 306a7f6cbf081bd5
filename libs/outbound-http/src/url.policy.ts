import { isPublicHostName, withoutTrailingDot } from './host-name.js';
import { OutboundError } from './outbound.error.js';
import { parseUrl } from './parse-url.js';
import { type IpAddress, isPublicAddress, parseAddress } from './public-address.js';
import { TrustedNetworks } from './trusted-networks.js';
import { TrustedOrigins } from './trusted-origins.js';
import { bareHost, portOf } from './url-parts.js';

export interface UrlPolicyOptions {
  /** CIDRs, single addresses and host names that may be reached although private, at any port. Default: none. */
  readonly trustedNetworks?: readonly string[];
  /** Ports outside of trusted networks. Default: 80 and 443. */
  readonly allowedPorts?: readonly number[];
  /**
   * Origins such as `http://127.0.0.1:4711` that may be reached although private: that address, written as such, at that
   * port, and nothing beside it. Default: none.
   */
  readonly trustedOrigins?: readonly string[];
}

/** Decides which URLs may be requested. Pure: it never looks a name up. */
export class UrlPolicy {
  readonly #trusted: TrustedNetworks;
  readonly #ports: ReadonlySet<number>;
  readonly #origins: TrustedOrigins;

  /** @throws TypeError when an entry of `trustedNetworks` or `trustedOrigins` cannot be read */
  constructor(options: UrlPolicyOptions = {}) {
    this.#origins = new TrustedOrigins(options.trustedOrigins ?? []);
    this.#trusted = new TrustedNetworks(options.trustedNetworks ?? []);
    this.#ports = new Set(options.allowedPorts ?? [80, 443]);
  }

  /**
   * Judges a URL by what it says itself.
   *
   * @returns the URL as it will be used: parsed by the WHATWG rules, its host without trailing dot
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
   * Judges what a host name was resolved to; to be asked before a socket connects.
   *
   * @param hostname as in a URL that `check` returned
   * @param addresses all that the name resolves to; one bad one condemns the name
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

  /** Whether a host was trusted by its name. */
  trustsHost(hostname: string): boolean {
    return this.#trusted.hasHost(hostname);
  }

  #checkAddress(address: IpAddress, port: number): void {
    if (this.#trusted.hasAddress(address)) return;
    // The address comes first: inside a forbidden range every port gets the same words.
    if (!isPublicAddress(address)) throw new OutboundError('host');
    if (!this.#ports.has(port)) throw new OutboundError('port');
  }

  #checkName(parsed: URL): void {
    const name = withoutTrailingDot(parsed.hostname);
    // One spelling for one host: certificates, connection pools and limits per host go by it.
    if (name !== parsed.hostname && name !== '') parsed.hostname = name;
    if (this.#trusted.hasHost(name)) return;
    if (!isPublicHostName(name)) throw new OutboundError('host');
    // Another port is fine where the name leads into a trusted network, which only its addresses tell.
    if (!this.#ports.has(portOf(parsed)) && !this.#trusted.hasNetworks) throw new OutboundError('port');
  }
}
