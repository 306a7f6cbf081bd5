import { isIP } from 'node:net';

import ipaddr from 'ipaddr.js';

import { isHostName, withoutTrailingDot } from './host-name.js';
import { parseUrl } from './parse-url.js';
import { type IpAddress, unmapped } from './public-address.js';

/** Private networks and hosts that may be reached, at any port. */
export class TrustedNetworks {
  readonly #networks: [IpAddress, number][] = [];
  readonly #hosts = new Set<string>();

  /**
   * @param entries CIDRs (`10.0.0.0/8`), addresses (`::1`) and host names (`origin.internal`), without ports
   * @throws TypeError that names the first invalid entry
   */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const network = parseNetwork(entry);
      if (network) this.#networks.push(network);
      else this.#hosts.add(parseHost(entry));
    }
  }

  /** Whether any entry is a network or an address. */
  get hasNetworks(): boolean {
    return this.#networks.length > 0;
  }

  /** @param name lower case, without trailing dot */
  hasHost(name: string): boolean {
    return this.#hosts.has(name);
  }

  hasAddress(address: IpAddress): boolean {
    const candidate = unmapped(address);
    return this.#networks.some(
      ([network, bits]) => network.kind() === candidate.kind() && candidate.match(network, bits),
    );
  }
}

function parseNetwork(entry: string): [IpAddress, number] | undefined {
  const [base = '', bits, ...rest] = entry.split('/');
  const version = isIP(base);
  if (version === 0 || rest.length > 0) return undefined;
  const width = version === 4 ? 32 : 128;
  if (bits === undefined) return [unmapped(ipaddr.parse(base)), width];
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > width) throw unreadable(entry);
  return [ipaddr.parse(base), Number(bits)];
}

function parseHost(entry: string): string {
  // URL normalizes the name to the form that is compared later: lower case, punycode.
  const url = parseUrl(`http://${entry}/`);
  const name = withoutTrailingDot(url?.hostname ?? '');
  const isNameAlone = url?.href === `http://${url?.hostname}/` && !/[/\\?#@:\s]/.test(entry);
  if (!isNameAlone || isIP(name) !== 0 || !isHostName(name)) throw unreadable(entry);
  return name;
}

function unreadable(entry: string): TypeError {
  return new TypeError(`"${entry}" is invalid; use a CIDR, an address or a host name without a port`);
}
