import { lookup, Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { codeOf } from '#libs/errors';

/**
 * Resolves a host name to all of its addresses, IPv4 and IPv6.
 *
 * @returns the addresses; an unresolvable name gives an empty list or an error with `code` `ENOTFOUND` or `ENODATA`
 */
export type NameLookup = (hostname: string) => Promise<readonly string[]>;

/** Resolves through the operating system, including search domains. For host names that the operator trusts. */
export const systemLookup: NameLookup = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/** Options of {@link dnsLookup}. */
export interface DnsLookupOptions {
  /** `address` or `address:port`. Default: the system's name servers. */
  readonly servers?: readonly string[];
  /** Default: `/etc/hosts`. */
  readonly hostsFile?: string;
  /** Milliseconds for the first of two attempts; the second may take longer. Default: 2000. */
  readonly timeoutMs?: number;
}

/**
 * Creates a lookup that reads the hosts file and then queries the name servers directly. For untrusted host names:
 * `getaddrinfo` would block one of libuv's four threads while a slow name server responds, and file operations with it.
 *
 * @returns a lookup; it throws the error of the name servers if there is no address
 */
export function dnsLookup({
  servers,
  hostsFile = '/etc/hosts',
  timeoutMs = 2_000,
}: DnsLookupOptions = {}): NameLookup {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  if (servers) resolver.setServers(servers);
  return async (hostname) => {
    const listed = await addressesInHostsFile(hostsFile, hostname);
    if (listed.length > 0) return listed;
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length > 0) return addresses;
    const errors = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    // A name server that failed for one record type may answer later.
    throw errors.find((error) => !isNameUnknown(error)) ?? errors[0];
  };
}

/** Whether a failed lookup means that the name does not exist, rather than that the name servers failed. */
export function isNameUnknown(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOTFOUND' || code === 'ENODATA' || code === 'EBADNAME';
}

async function addressesInHostsFile(path: string, hostname: string): Promise<string[]> {
  // A system may have no hosts file.
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return isIP(address) !== 0 && names.some((name) => name.toLowerCase() === hostname) ? [address] : [];
  });
}
