import type { ServerResponse } from 'node:http';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { dnsLookup } from './name-lookup.js';
import { OutboundClient } from './outbound.client.js';
import { CERTIFICATE } from './testing/certificate.js';
import { FORBIDDEN_HOSTS } from './testing/corpus/hosts.js';
import { FORBIDDEN_NAMES, FORBIDDEN_ZONE } from './testing/corpus/names.js';
import { IPV4_RANGES, IPV6_RANGES } from './testing/corpus/special-ranges.js';
import { TRICKY_URLS } from './testing/corpus/urls.js';
import { type LoopbackServer, serveHttp, serveHttps } from './testing/loopback-server.js';
import { type NameServer, serveNames } from './testing/name-server.js';
import { expectAlike } from './testing/outcome.js';
import { failureOf } from './testing/scope.js';
import { setTraps, type Traps } from './testing/traps.js';

const STATUSES = [301, 302, 303, 307, 308] as const;
const REFUSED = { code: 'URL_BLOCKED', fault: 'redirect', temporary: false };
/** Trusted by name only. Its redirects lead to the same machine by a forbidden address. */
const START = 'archive.internal';
const SAFE_START = 'files.example.com';

let traps: Traps;
let names: NameServer;
let origin: LoopbackServer;
let safeOrigin: LoopbackServer;
let client: OutboundClient;
let status: number;
let connectionsBefore = 0;
let locationOf: (path: string) => string;

function redirect(path: string, response: ServerResponse): void {
  // Header values are sent as one byte per character.
  const location = Buffer.from(locationOf(path), 'utf8').toString('latin1');
  response.writeHead(status, { location }).end('moved');
}

beforeAll(async () => {
  traps = await setTraps();
  names = await serveNames(FORBIDDEN_ZONE);
  origin = await serveHttp((request, response) => redirect(request.url ?? '', response));
  safeOrigin = await serveHttps((request, response) => redirect(request.url ?? '', response));
  const publicNames = dnsLookup({ servers: [names.address], hostsFile: '/nonexistent' });
  client = new OutboundClient({
    trustedNetworks: [START, SAFE_START],
    allowedPorts: [80, 443, ...traps.open, traps.closed, origin.port, safeOrigin.port],
    lookup: async (name) => (name === START || name === SAFE_START ? ['127.0.0.1'] : publicNames(name)),
    certificateAuthorities: [CERTIFICATE],
  });
});

afterAll(async () => {
  await client?.close();
  await safeOrigin?.close();
  await origin?.close();
  await names?.close();
  await traps?.close();
});

/** Every connection attempt since the last test must belong to the origin, and none may reach a trap. */
afterEach(() => {
  const connections = origin.connections() + safeOrigin.connections();
  traps.check(connections - connectionsBefore);
  connectionsBefore = connections;
});

const start = (): string => `http://${START}:${origin.port}/`;

async function failureFor(location: string) {
  locationOf = () => location;
  return failureOf(client.request(start()));
}

/** Whether a text is a valid HTTP header value. */
const isHeaderValue = (text: string): boolean =>
  text !== '' && !/[\r\n\0]/.test(text) && text.trim() === text;

/** Whether a location is an absolute URL, rather than relative to the redirecting URL. */
const isAbsolute = (url: string): boolean =>
  /^[a-z+-]+:(?!\/[^/\\])(?!\d)/i.test(url) && !/^https?:(?![/\\])/i.test(url);

describe.each(STATUSES)('a redirect with %i', (code) => {
  it('to a forbidden host is refused at any port', async () => {
    status = code;
    const failures = [];
    for (const { host } of FORBIDDEN_HOSTS) {
      for (const port of ['', `:${traps.open[0]}`, `:${traps.closed}`, ':22']) {
        failures.push({ host, failure: await failureFor(`http://${host}${port}/`) });
      }
    }
    expect(failures.filter(({ failure }) => failure.fault !== 'redirect').map(({ host }) => host)).toEqual(
      [],
    );
    expect(expectAlike(failures.map(({ failure }) => failure))).toMatchObject(REFUSED);
  });

  it('to the first or last address of a special range is refused', async () => {
    status = code;
    const passed: string[] = [];
    for (const address of [...IPV4_RANGES, ...IPV6_RANGES].flatMap(({ first, last }) => [first, last])) {
      const host = address.includes(':') ? `[${address}]` : address;
      const { fault } = await failureFor(`http://${host}:${traps.open[1]}/`);
      if (fault !== 'redirect') passed.push(`${address}: ${fault}`);
    }
    expect(passed).toEqual([]);
  });

  it('to a name that resolves to a forbidden address is refused', async () => {
    status = code;
    const passed: string[] = [];
    for (const name of FORBIDDEN_NAMES) {
      const { fault } = await failureFor(`http://${name}:${traps.open[0]}/`);
      if (fault !== 'redirect') passed.push(`${name}: ${fault}`);
    }
    expect(passed).toEqual([]);
  });

  it('to an ambiguous URL is refused, or not followed if the URL is invalid', async () => {
    status = code;
    const wrong: string[] = [];
    const locations = TRICKY_URLS.filter(({ url }) => isHeaderValue(url) && isAbsolute(url));
    expect(locations.length).toBeGreaterThan(30);
    for (const { url, fault } of locations) {
      locationOf = () => url.replaceAll('{port}', `${traps.open[0]}`);
      const outcome = await client.request(start()).then(
        async (response) => {
          await response.discard();
          return `${response.status} of ${response.url.hostname}`;
        },
        (error: { fault: string }) => error.fault,
      );
      if (outcome !== (fault === 'invalidUrl' ? `${code} of ${START}` : 'redirect'))
        wrong.push(`${url}: ${outcome}`);
    }
    expect(wrong).toEqual([]);
  });

  it('to a forbidden port is refused', async () => {
    status = code;
    expect(await failureFor('http://8.8.8.8:6379/')).toMatchObject(REFUSED);
    expect(await failureFor('http://something.example.org:22/')).toMatchObject(REFUSED);
  });

  it('from https to http is refused, for any target and at any hop', async () => {
    status = code;
    const safe = `https://${SAFE_START}:${safeOrigin.port}`;
    for (const target of [start(), 'http://8.8.8.8/', 'http://something.example.org/']) {
      locationOf = (path) => (path === '/end' ? target : '/end');
      expect(await failureOf(client.request(`${safe}/`))).toMatchObject({
        code: 'URL_BLOCKED',
        fault: 'downgrade',
      });
    }
    locationOf = (path) => (path === '/' ? `${safe}/safe` : start());
    expect(await failureOf(client.request(start()))).toMatchObject({
      code: 'URL_BLOCKED',
      fault: 'downgrade',
    });
  });

  it.each<[string, () => (path: string) => string]>([
    ['to itself', () => (path) => path],
    ['to ever longer URLs', () => (path) => `${path}x`],
    ['back and forth', () => (path) => (path === '/a' ? '/b' : '/a')],
    ['between two origins', () => () => `https://${SAFE_START}:${safeOrigin.port}/`],
    ['to a query and back', () => (path) => (path.includes('?') ? '/' : '/?')],
  ])('%s ends after five hops', async (_, location) => {
    status = code;
    locationOf = location();
    expect(await failureOf(client.request(start()))).toMatchObject({
      code: 'TOO_MANY_REDIRECTS',
      temporary: false,
    });
  });

  it('is checked at every hop', async () => {
    status = code;
    for (let hops = 1; hops <= 4; hops++) {
      locationOf = (path) => (path.length > hops ? `http://127.0.0.1:${traps.open[0]}/` : `${path}x`);
      expect(await failureOf(client.request(start()))).toMatchObject(REFUSED);
    }
  });
});
