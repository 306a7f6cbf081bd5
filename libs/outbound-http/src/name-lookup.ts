import { lookup, Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/**
 * Finds all addresses of a host name, IPv4 and IPv6.
 * A name without addresses is an empty list or an error with `code` `ENOTFOUND` or `ENODATA`.
 */
export type NameLookup = (hostname: string) => Promise<readonly string[]>;

/** Asks the operating system, search domains included: for names that the operator vouches for. */
export const systemLookup: NameLookup = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

export interface DnsLookupOptions {
  /** `address` or `address:port`. Default: those of the system. */
  readonly servers?: readonly string[];
  /** Default: that of the system. */
  readonly hostsFile?: string;
  /** Milliseconds for the first of two tries; the second may take longer. Default: 2000. */
  readonly timeoutMs?: number;
}

/**
 * Asks the name servers directly, after a look into the hosts file: for names that strangers choose.
 * `getaddrinfo` would hold one of libuv's four threads for as long as a stranger's name server
 * likes to think, and with it every file operation of the process.
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
    // A name server that failed on one of the two questions may answer it tomorrow.
    throw errors.find((error) => !isNameUnknown(error)) ?? errors[0];
  };
}

/** Whether a failed lookup says that there is no such name, rather than that nobody knows. */
export function isNameUnknown(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOTFOUND' || code === 'ENODATA' || code === 'EBADNAME';
}

async function addressesInHostsFile(path: string, hostname: string): Promise<string[]> {
  // A system without such a file has nothing to say here.
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return isIP(address) !== 0 && names.some((name) => name.toLowerCase() === hostname) ? [address] : [];
  });
}
