import { describe, expect, it } from 'vitest';

import { isPublicAddress, parseAddress } from './public-address.js';

const isPublic = (text: string): boolean => isPublicAddress(parseAddress(text)!);

// [range, last public address before it, first inside, last inside, first public address after it]
const IPV4_RANGES = [
  ['0.0.0.0/8 this network', null, '0.0.0.0', '0.255.255.255', '1.0.0.0'],
  ['10.0.0.0/8 private', '9.255.255.255', '10.0.0.0', '10.255.255.255', '11.0.0.0'],
  ['100.64.0.0/10 shared', '100.63.255.255', '100.64.0.0', '100.127.255.255', '100.128.0.0'],
  ['127.0.0.0/8 loopback', '126.255.255.255', '127.0.0.0', '127.255.255.255', '128.0.0.0'],
  ['169.254.0.0/16 link local', '169.253.255.255', '169.254.0.0', '169.254.255.255', '169.255.0.0'],
  ['172.16.0.0/12 private', '172.15.255.255', '172.16.0.0', '172.31.255.255', '172.32.0.0'],
  ['192.0.0.0/24 protocol assignments', '191.255.255.255', '192.0.0.0', '192.0.0.255', '192.0.1.0'],
  ['192.0.2.0/24 documentation', '192.0.1.255', '192.0.2.0', '192.0.2.255', '192.0.3.0'],
  ['192.88.99.0/24 6to4 relays', '192.88.98.255', '192.88.99.0', '192.88.99.255', '192.88.100.0'],
  ['192.168.0.0/16 private', '192.167.255.255', '192.168.0.0', '192.168.255.255', '192.169.0.0'],
  ['198.18.0.0/15 benchmarks', '198.17.255.255', '198.18.0.0', '198.19.255.255', '198.20.0.0'],
  ['198.51.100.0/24 documentation', '198.51.99.255', '198.51.100.0', '198.51.100.255', '198.51.101.0'],
  ['203.0.113.0/24 documentation', '203.0.112.255', '203.0.113.0', '203.0.113.255', '203.0.114.0'],
  ['224.0.0.0/3 multicast, reserved', '223.255.255.255', '224.0.0.0', '255.255.255.255', null],
  ['240.0.0.0/4 reserved', null, '240.0.0.0', '255.255.255.254', null],
] as const;

const F = 'ffff:ffff:ffff:ffff:ffff:ffff';
const IPV6_RANGES = [
  ['all below 2000::/3', null, '::', `1fff:ffff:${F}`, '2000::'],
  ['2001::/23 protocol assignments', `2000:ffff:${F}`, '2001::', `2001:1ff:${F}`, '2001:200::'],
  ['2001:db8::/32 documentation', `2001:db7:${F}`, '2001:db8::', `2001:db8:${F}`, '2001:db9::'],
  [
    '2620:4f:8000::/48 AS112',
    '2620:4f:7fff:ffff::',
    '2620:4f:8000::',
    '2620:4f:8000:ffff::',
    '2620:4f:8001::',
  ],
  ['3fff::/20 documentation', `3ffe:ffff:${F}`, '3fff::', `3fff:fff:${F}`, '3fff:1000::'],
  ['all above 2000::/3', `3fff:ffff:${F}`, '4000::', `ffff:ffff:${F}`, null],
] as const;

describe('isPublicAddress', () => {
  it.each([...IPV4_RANGES, ...IPV6_RANGES])(
    'is exact at the edges of %s',
    (_, before, first, last, after) => {
      expect([first, last].map(isPublic)).toEqual([false, false]);
      const neighbours = [before, after].filter((address) => address !== null);
      expect(neighbours.map(isPublic)).toEqual(neighbours.map(() => true));
    },
  );

  it.each([
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['discard only', '100::1'],
    ['Teredo', '2001::1'],
    ['benchmarks', '2001:2::1'],
    ['ORCHIDv2', '2001:20::1'],
    ['segment routing', '5f00::1'],
    ['unique local', 'fc00::1'],
    ['unique local', 'fd00:ec2::254'],
    ['link local', 'fe80::1'],
    ['link local with a zone', 'fe80::1%eth0'],
    ['site local', 'fec0::1'],
    ['multicast', 'ff02::1'],
  ])('refuses %s %s', (_, address) => {
    expect(isPublic(address)).toBe(false);
  });

  it.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450::1'])(
    'accepts %s',
    (address) => {
      expect(isPublic(address)).toBe(true);
    },
  );

  const FORMS: readonly [string, boolean, (high: string, low: string) => string][] = [
    ['IPv4-mapped', true, (high, low) => `::ffff:${high}:${low}`],
    ['NAT64', true, (high, low) => `64:ff9b::${high}:${low}`],
    ['6to4', true, (high, low) => `2002:${high}:${low}::1`],
    ['ISATAP', true, (high, low) => `2606:4700::5efe:${high}:${low}`],
    ['ISATAP with u bit', true, (high, low) => `2606:4700::200:5efe:${high}:${low}`],
    ['IPv4-compatible', false, (high, low) => `::${high}:${low}`],
    ['translated (SIIT)', false, (high, low) => `::ffff:0:${high}:${low}`],
    ['NAT64 local use', false, (high, low) => `64:ff9b:1::${high}:${low}`],
    ['Teredo server', false, (high, low) => `2001:0:${high}:${low}::`],
    ['Teredo client', false, (high, low) => `2001:0:808:808:0:0:${inverted(high)}:${inverted(low)}`],
  ];

  describe.each(FORMS)('IPv4 inside %s', (_, passesWhenPublic, embed) => {
    it.each([
      ['127.0.0.1', '7f00', '1'],
      ['10.0.0.1', 'a00', '1'],
      ['169.254.169.254', 'a9fe', 'a9fe'],
      ['192.168.1.1', 'c0a8', '101'],
      ['0.0.0.0', '0', '0'],
    ])('is refused for %s', (_, high, low) => {
      expect(isPublic(embed(high, low))).toBe(false);
    });

    it(`is ${passesWhenPublic ? 'accepted' : 'refused'} for 8.8.8.8`, () => {
      expect(isPublic(embed('808', '808'))).toBe(passesWhenPublic);
    });
  });

  it('checks every embedded address of nested forms', () => {
    expect(isPublic('2002:808:808::5efe:a00:1')).toBe(false);
    expect(isPublic('2002:a00:1::5efe:808:808')).toBe(false);
    expect(isPublic('2002:808:808::5efe:808:808')).toBe(true);
  });
});

describe('parseAddress', () => {
  it.each(['127.1', '0177.0.0.1', '0x7f000001', '2130706433', '[::1]', 'example.com', ''])(
    'returns undefined for %j',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );
});

function inverted(group: string): string {
  return (Number.parseInt(group, 16) ^ 0xffff).toString(16);
}
