import { isIP } from 'node:net';

import { parseUrl } from './parse-url.js';
import { bareHost, portOf } from './url-parts.js';

/** Single addresses that may be reached at a single port each. */
export class TrustedOrigins {
  readonly #origins = new Set<string>();
  readonly #endpoints = new Set<string>();

  /**
   * @param entries such as `http://127.0.0.1:4711`
   * @throws TypeError that names the first entry that is none
   */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const url = parseUrl(entry);
      // A name would lead wherever its name server says.
      if (url?.origin !== entry || isIP(bareHost(url)) === 0) {
        throw new TypeError(`"${entry}" is no origin with an address: http://address:port`);
      }
      this.#origins.add(url.origin);
      this.#endpoints.add(endpointOf(bareHost(url), portOf(url)));
    }
  }

  has(url: URL): boolean {
    return this.#origins.has(url.origin);
  }

  /** @param host as it stood in a URL: a name that resolves to a trusted address is not trusted for it */
  hasEndpoint(host: string, port: number): boolean {
    return this.#endpoints.has(endpointOf(host, port));
  }
}

const endpointOf = (host: string, port: number): string => `${host} ${port}`;
