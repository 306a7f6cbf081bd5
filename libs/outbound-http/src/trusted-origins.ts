import { isIP } from 'node:net';

import { parseUrl } from './parse-url.js';
import { bareHost, portOf } from './url-parts.js';

/** Addresses that may be reached at a single port each. */
export class TrustedOrigins {
  readonly #origins = new Set<string>();
  readonly #endpoints = new Set<string>();

  /**
   * @param entries origins such as `http://127.0.0.1:4711`
   * @throws TypeError that names the first invalid entry
   */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const url = parseUrl(entry);
      // A host name would be trusted at every address that its name server returns.
      if (url?.origin !== entry || isIP(bareHost(url)) === 0) {
        throw new TypeError(`"${entry}" is invalid; use an origin with an IP address: http://address:port`);
      }
      this.#origins.add(url.origin);
      this.#endpoints.add(endpointOf(bareHost(url), portOf(url)));
    }
  }

  has(url: URL): boolean {
    return this.#origins.has(url.origin);
  }

  /** @param host as in the URL; a name that resolves to a trusted address is not trusted */
  hasEndpoint(host: string, port: number): boolean {
    return this.#endpoints.has(endpointOf(host, port));
  }
}

const endpointOf = (host: string, port: number): string => `${host} ${port}`;
