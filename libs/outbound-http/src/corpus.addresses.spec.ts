import ipaddr from 'ipaddr.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { dnsLookup } from './name-lookup.js';
import { OutboundClient } from './outbound.client.js';
import { isPublicAddress, parseAddress } from './public-address.js';
import { EMBEDDING_FORMS, embedded } from './testing/corpus/embedded-ipv4.js';
import { FORBIDDEN_HOSTS } from './testing/corpus/hosts.js';
import { ipv4Spellings } from './testing/corpus/ipv4-spellings.js';
import { IPV4_RANGES, IPV4_WINDOWS, IPV6_RANGES } from './testing/corpus/special-ranges.js';
import { TRICKY_URLS } from './testing/corpus/urls.js';
import { type NameServer, serveNames } from './testing/name-server.js';
import { expectAlike } from './testing/outcome.js';
import { failureOf } from './testing/scope.js';
import { setTraps, type Traps } from './testing/traps.js';

const BLOCKED = { code: 'URL_BLOCKED', fault: 'host', temporary: false };

let traps: Traps;
let names: NameServer;
let client: OutboundClient;

beforeAll(async () => {
  traps = await setTraps();
  names = await serveNames({});
  client = new OutboundClient({
    // The port policy must not be the reason for a refusal.
    allowedPorts: [80, 443, ...traps.open, traps.closed],
    lookup: dnsLookup({ servers: [names.address], hostsFile: '/nonexistent' }),
  });
});

afterAll(async () => {
  await client?.close();
  await names?.close();
  await traps?.close();
});

afterEach(() => {
  traps.check();
  if (names.questions.length > 0) throw new Error(`Looked up: ${names.questions.join(', ')}`);
});

/**
 * URLs with open ports, a closed one, a forbidden one and the default: a forbidden host must fail alike at all of them.
 */
function urlsOf(host: string): string[] {
  const ports = [...traps.open, traps.closed, 6379].map((port) => `:${port}`);
  return ['', ...ports].flatMap((port) => [`http://${host}${port}/`, `https://${host}${port}/`]);
}

/** The failure of a host, which must be identical for every port and scheme. */
async function failureAt(host: string): Promise<object> {
  return expectAlike(await Promise.all(urlsOf(host).map((url) => failureOf(client.request(url)))));
}

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);

describe('the traps', () => {
  it('count incoming connections and connection attempts', async () => {
    const careless = new OutboundClient({ trustedNetworks: ['127.0.0.0/8', '::1'] });
    for (const port of traps.open) await (await careless.request(`http://127.0.0.1:${port}/`)).discard();
    await failureOf(careless.request(`http://127.0.0.1:${traps.closed}/`));
    await careless.close();
    expect(traps.take()).toEqual({ arrived: 2, attempted: 3 });
  });
});

describe('a forbidden host', () => {
  it.each(FORBIDDEN_HOSTS)('is refused as $host ($trick)', async ({ host }) => {
    expect(await failureAt(host)).toMatchObject(BLOCKED);
  });

  it.each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '192.168.1.1', '172.16.0.1', '0.0.0.0'])(
    'is refused as %s in each of its 120 numeric spellings',
    async (ipv4) => {
      const spellings = ipv4Spellings(ipv4);
      expect(spellings).toHaveLength(3 + 9 + 27 + 81);
      const hosts = new Set(spellings.map((spelling) => new URL(`http://${spelling}/`).hostname));
      expect([...hosts]).toEqual([ipv4]);
      const failures = spellings.map((spelling) =>
        failureOf(client.request(`http://${spelling}:${traps.open[0]}/`)),
      );
      expect(expectAlike(await Promise.all(failures))).toMatchObject(BLOCKED);
    },
  );
});

describe('an ambiguous URL', () => {
  it.each(TRICKY_URLS)('is refused: $url ($fault)', async ({ url, fault }) => {
    for (const port of [...traps.open, traps.closed]) {
      const failure = await failureOf(client.request(url.replaceAll('{port}', `${port}`)));
      expect(failure).toMatchObject({ code: 'URL_BLOCKED', fault, temporary: false });
    }
  });
});

describe.each([...IPV4_RANGES, ...IPV6_RANGES])(
  '$block, $purpose',
  ({ block, first, last, before, after }) => {
    it('has the bounds of the registry', () => {
      const [network, bits] = ipaddr.parseCIDR(block);
      const last128 = 2n ** BigInt(network.kind() === 'ipv4' ? 32 - bits : 128 - bits) - 1n;
      expect(numberOf(first)).toBe(numberOf(network.toString()));
      expect(numberOf(last)).toBe(numberOf(first) + last128);
    });

    it('is refused from its first address to its last', async () => {
      expect(await failureAt(bracketed(first))).toMatchObject(BLOCKED);
      expect(await failureAt(bracketed(last))).toMatchObject(BLOCKED);
    });

    it('is adjacent to public addresses', () => {
      const outer = [before, after].filter((address) => address !== null);
      expect(outer).not.toEqual([]);
      expect(outer.map((address) => client.policy.check(`http://${bracketed(address)}/`).protocol)).toEqual(
        outer.map(() => 'http:'),
      );
      const inner = [before && step(before, 1n), after && step(after, -1n)].filter(
        (address) => address !== null,
      );
      expect(inner.map((address) => isPublicAddress(parseAddress(address)!))).toEqual(inner.map(() => false));
    });
  },
);

describe.each(IPV4_WINDOWS)('$block, $purpose', ({ first, last }) => {
  it('is refused at both ends and adjacent to no public address', async () => {
    for (const address of [first, last]) expect(await failureAt(bracketed(address))).toMatchObject(BLOCKED);
    for (const address of [step(first, -1n), step(last, 1n)]) {
      expect(isPublicAddress(parseAddress(address)!)).toBe(false);
    }
  });
});

describe.each(EMBEDDING_FORMS)('IPv4 inside of IPv6, $name', (form) => {
  it.each(IPV4_RANGES)('is refused for $block, $purpose', async ({ first, last }) => {
    for (const ipv4 of [first, last, '168.63.129.16']) {
      expect(await failureAt(`[${embedded(form, ipv4)}]`)).toMatchObject(BLOCKED);
    }
  });

  it(`is ${form.passesWhenPublic ? 'accepted' : 'refused'} for public IPv4 addresses`, () => {
    const publicOnes = IPV4_RANGES.flatMap(({ before, after }) => [before, after]).filter(
      (ipv4) => ipv4 !== null,
    );
    const verdicts = publicOnes.map((ipv4) => isPublicAddress(parseAddress(embedded(form, ipv4))!));
    expect(verdicts).toEqual(publicOnes.map(() => form.passesWhenPublic));
  });
});

function numberOf(address: string): bigint {
  const bytes = ipaddr.parse(address).toByteArray();
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

/** Adds `by` to an address. */
function step(address: string, by: bigint): string {
  const width = ipaddr.parse(address).kind() === 'ipv4' ? 8 : 32;
  const hex = (numberOf(address) + by).toString(16).padStart(width, '0');
  return ipaddr.fromByteArray([...Buffer.from(hex, 'hex')]).toString();
}
