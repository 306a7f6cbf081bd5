import { text } from 'node:stream/consumers';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { dnsLookup, type NameLookup } from './name-lookup.js';
import type { OutboundOptions } from './outbound.client.js';
import { FORBIDDEN_NAMES, FORBIDDEN_ZONE } from './testing/corpus/names.js';
import { serveHttp, type LoopbackServer } from './testing/loopback-server.js';
import { type Answer, type NameServer, serveNames, type Zone } from './testing/name-server.js';
import { expectAlike } from './testing/outcome.js';
import { closingScope, failureOf } from './testing/scope.js';
import { setTraps, type Traps } from './testing/traps.js';

const NOTHING = { arrived: 0, attempted: 0 };
const BLOCKED = { code: 'URL_BLOCKED', fault: 'host', temporary: false };
const NAME = 'files.example.com';

const scope = closingScope();
let traps: Traps;

beforeAll(async () => void (traps = await setTraps()));
afterAll(() => traps?.close());
afterEach(() => void traps.take());

function lookupAt({ address }: NameServer, timeoutMs = 10_000): NameLookup {
  return dnsLookup({ servers: [address], hostsFile: '/nonexistent', timeoutMs });
}

/** A client without trusted networks that may use the ports of the traps and resolves names from `zone`. */
async function untrustingClient(zone: Zone, options?: OutboundOptions) {
  const names = await scope.keep(serveNames(zone));
  const allowedPorts = [80, 443, ...traps.open, traps.closed];
  const client = scope.client({ trustedNetworks: [], allowedPorts, lookup: lookupAt(names), ...options });
  return { client, names };
}

/** Returns one answer per lookup (two questions each), in order; the last one repeats. */
function inTurn(...answers: Answer[]): () => Answer {
  let questions = 0;
  return () => answers[Math.min(Math.floor(questions++ / 2), answers.length - 1)];
}

/** A zone that holds back its answers until `release` is called. */
function held(answer: Answer): { zone: Zone; release: () => void } {
  const waiting: (() => void)[] = [];
  const gate = new Promise<Answer>((resolve) => waiting.push(() => resolve(answer)));
  return { zone: { [NAME]: () => gate }, release: () => waiting.forEach((go) => go()) };
}

describe('a name that resolves to a forbidden address', () => {
  it('is refused at any port, alone or among public addresses, with or without an alias', async () => {
    const { client } = await untrustingClient(FORBIDDEN_ZONE);
    const passed: string[] = [];
    for (const name of FORBIDDEN_NAMES) {
      const ports = ['', ...[...traps.open, traps.closed].map((port) => `:${port}`)];
      const failures = ports.map((port) => failureOf(client.request(`http://${name}${port}/`)));
      const { code, fault } = expectAlike(await Promise.all(failures));
      if (code !== 'URL_BLOCKED' || fault !== 'host') passed.push(`${name}: ${code}`);
    }
    expect(FORBIDDEN_NAMES.length).toBeGreaterThan(100);
    expect(passed).toEqual([]);
    expect(traps.take()).toEqual(NOTHING);
  });

  it('fails with the same error as the address itself', async () => {
    const { client } = await untrustingClient({ [NAME]: ['127.0.0.1'] });
    const urls = [`http://${NAME}/`, 'http://127.0.0.1/', 'http://localhost/', 'http://10.0.0.1:22/'];
    expect(expectAlike(await Promise.all(urls.map((url) => failureOf(client.request(url)))))).toMatchObject(
      BLOCKED,
    );
  });

  it('is refused for every method, with and without TLS', async () => {
    const { client } = await untrustingClient({ [NAME]: ['127.0.0.1'] });
    for (const method of ['GET', 'HEAD', 'POST'] as const) {
      for (const scheme of ['http', 'https']) {
        const request = client.request(`${scheme}://${NAME}:${traps.open[0]}/`, { method });
        expect(await failureOf(request)).toMatchObject(BLOCKED);
      }
    }
    expect(traps.take()).toEqual(NOTHING);
  });
});

function origin(): Promise<LoopbackServer> {
  return scope.keep(
    serveHttp((_, response) =>
      response.writeHead(200, { connection: 'close' }).end('from the checked address'),
    ),
  );
}

describe('a name whose addresses change', () => {
  it('is connected at its checked address, without a second lookup', async () => {
    const { port } = await origin();
    const { client, names } = await untrustingClient(
      { [NAME]: inTurn(['127.0.0.1'], ['127.0.0.2'], ['10.0.0.1']) },
      { trustedNetworks: ['127.0.0.1'] },
    );
    expect(await text((await client.request(`http://${NAME}:${port}/`)).body)).toBe(
      'from the checked address',
    );
    expect([...names.questions].sort()).toEqual([`A ${NAME}`, `AAAA ${NAME}`]);
    expect(traps.take()).toEqual({ arrived: 0, attempted: 1 });
  });

  it('is checked again for the next connection', async () => {
    const { port } = await origin();
    const { client } = await untrustingClient(
      { [NAME]: inTurn(['127.0.0.1'], ['127.0.0.2']) },
      { trustedNetworks: ['127.0.0.1'] },
    );
    await text((await client.request(`http://${NAME}:${port}/`)).body);
    expect(await failureOf(client.request(`http://${NAME}:${port}/`))).toMatchObject(BLOCKED);
    expect(traps.take()).toEqual({ arrived: 0, attempted: 1 });
  });

  it('is not queried again after a refusal', async () => {
    const { port } = await origin();
    const { client, names } = await untrustingClient(
      { [NAME]: inTurn(['127.0.0.2'], ['127.0.0.1']) },
      { trustedNetworks: ['127.0.0.1'] },
    );
    expect(await failureOf(client.request(`http://${NAME}:${port}/`))).toMatchObject(BLOCKED);
    expect(names.questions).toHaveLength(2);
    expect(traps.take()).toEqual(NOTHING);
  });

  it('is refused if only one of its A and AAAA answers is allowed', async () => {
    const { port } = await origin();
    const { client } = await untrustingClient(
      { [NAME]: (type) => (type === 'A' ? ['127.0.0.1'] : ['::1']) },
      { trustedNetworks: ['127.0.0.1'] },
    );
    expect(await failureOf(client.request(`http://${NAME}:${port}/`))).toMatchObject(BLOCKED);
    expect(traps.take()).toEqual(NOTHING);
  });
});

describe('a name without addresses', () => {
  it.each<[string, Zone, boolean]>([
    ['that does not exist', {}, false],
    ['without addresses', { [NAME]: [] }, false],
    ['that is an alias of a missing name', { [NAME]: { cname: 'nothing.example.com' } }, false],
    ['that is an alias of itself', { [NAME]: { cname: NAME } }, true],
    ['whose name server fails', { [NAME]: 'SERVFAIL' }, true],
    [
      'that is an alias of a name whose name server fails',
      { [NAME]: { cname: 'ill.example.com' }, 'ill.example.com': 'SERVFAIL' },
      true,
    ],
  ])('is not found: one %s', async (_, zone, temporary) => {
    const { client } = await untrustingClient(zone);
    const failures = [...traps.open, traps.closed].map((port) =>
      failureOf(client.request(`http://${NAME}:${port}/`)),
    );
    for (const failure of await Promise.all(failures)) {
      expect(failure).toMatchObject({ code: 'HOST_NOT_FOUND', temporary });
    }
    expect(traps.take()).toEqual(NOTHING);
  });

  it('is not found if its name server is silent', async () => {
    const names = await scope.keep(serveNames({ [NAME]: 'SILENCE' }));
    const client = scope.client({ trustedNetworks: [], lookup: lookupAt(names, 1) });
    const failure = await failureOf(client.request(`http://${NAME}/`));
    expect(failure).toMatchObject({ code: 'HOST_NOT_FOUND', temporary: true });
    expect(traps.take()).toEqual(NOTHING);
  });
});

describe('a slow name server', () => {
  it('does not bypass the address check', async () => {
    const { zone, release } = held(['8.8.8.8', '127.0.0.1']);
    const { client, names } = await untrustingClient(zone);
    const failure = failureOf(client.request(`http://${NAME}:${traps.open[0]}/`));
    await expect.poll(() => names.questions).toHaveLength(2);
    release();
    expect(await failure).toMatchObject(BLOCKED);
    expect(traps.take()).toEqual(NOTHING);
  });

  it('does not cause a connection after the request timed out', async () => {
    const { zone, release } = held(['127.0.0.1']);
    const names = await scope.keep(serveNames(zone));
    const lookups: Promise<unknown>[] = [];
    const client = scope.client({
      lookup: (name) => {
        const lookup = lookupAt(names)(name);
        lookups.push(lookup);
        return lookup;
      },
      limits: { connectMs: 50 },
    });
    // 127.0.0.1 is trusted here, so that only the timeout prevents a connection.
    expect(await failureOf(client.request(`http://${NAME}:${traps.open[0]}/`))).toMatchObject({
      code: 'TIMED_OUT',
    });
    release();
    expect(await Promise.all(lookups)).toEqual([['127.0.0.1']]);
    await new Promise(setImmediate);
    expect(traps.take()).toEqual(NOTHING);
  });
});
