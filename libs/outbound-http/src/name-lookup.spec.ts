import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { dnsLookup, isNameUnknown, systemLookup } from './name-lookup.js';
import { serveNames } from './testing/name-server.js';
import { closingScope, failureOf } from './testing/scope.js';

const NO_HOSTS = '/nonexistent';

describe('dnsLookup', () => {
  const scope = closingScope();

  it('returns IPv4 and IPv6 addresses', async () => {
    const { address } = await scope.keep(
      serveNames({ 'both.example.com': ['8.8.8.8', '8.8.4.4', '2001:db8::1'] }),
    );
    const found = await dnsLookup({ servers: [address], hostsFile: NO_HOSTS })('both.example.com');
    expect(found.toSorted()).toEqual(['2001:db8::1', '8.8.4.4', '8.8.8.8']);
  });

  it('accepts a name with one address family', async () => {
    const { address } = await scope.keep(serveNames({ 'six.example.com': ['2001:db8::1'] }));
    expect(await dnsLookup({ servers: [address], hostsFile: NO_HOSTS })('six.example.com')).toEqual([
      '2001:db8::1',
    ]);
  });

  it('distinguishes a missing name from failing name servers', async () => {
    const { address } = await scope.keep(
      serveNames({ 'ill.example.com': 'SERVFAIL', 'empty.example.com': [] }),
    );
    const lookup = dnsLookup({ servers: [address], hostsFile: NO_HOSTS });
    const unknown = async (name: string): Promise<boolean> =>
      isNameUnknown(await lookup(name).catch((e) => e));
    expect(await unknown('no.example.com')).toBe(true);
    expect(await unknown('empty.example.com')).toBe(true);
    expect(await unknown('ill.example.com')).toBe(false);
  });

  it('prefers the hosts file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hosts-'));
    await scope.keep({ close: () => rm(folder, { recursive: true }) });
    const file = join(folder, 'hosts');
    await writeFile(
      file,
      '# 9.9.9.9 own.example.com\n10.0.0.7\tOwn.example.com own # mine\nfd00::7 own.example.com\n',
    );
    const { address } = await scope.keep(serveNames({ 'own.example.com': ['8.8.8.8'] }));
    expect(await dnsLookup({ servers: [address], hostsFile: file })('own.example.com')).toEqual([
      '10.0.0.7',
      'fd00::7',
    ]);
  });

  it('returns forbidden addresses, which the client refuses', async () => {
    const { address } = await scope.keep(serveNames({ 'evil.example.com': ['8.8.8.8', '10.0.0.1'] }));
    const client = scope.client({
      trustedNetworks: [],
      lookup: dnsLookup({ servers: [address], hostsFile: NO_HOSTS }),
    });
    expect(await failureOf(client.request('http://evil.example.com/'))).toMatchObject({
      code: 'URL_BLOCKED',
    });
    expect(await failureOf(client.request('http://no.example.com/'))).toMatchObject({
      code: 'HOST_NOT_FOUND',
      temporary: false,
    });
  });
});

describe('systemLookup', () => {
  it('resolves through the operating system', async () => {
    expect(await systemLookup('localhost')).toEqual(
      expect.arrayContaining([expect.stringMatching(/^127\.|^::1$/)]),
    );
  });
});
