/** A block of addresses that is not public, with its edges. */
export interface SpecialRange {
  readonly block: string;
  readonly purpose: string;
  readonly first: string;
  readonly last: string;
  /** The last public address before the block; null if there is none. */
  readonly before: string | null;
  /** The first public address after the block; null if there is none. */
  readonly after: string | null;
}

type Row = readonly [
  block: string,
  purpose: string,
  first: string,
  last: string,
  before: string | null,
  after: string | null,
];

const range = ([block, purpose, first, last, before, after]: Row): SpecialRange => ({
  block,
  purpose,
  first,
  last,
  before,
  after,
});

/** The IANA IPv4 Special-Purpose Address Registry, and multicast, which has its own registry. */
export const IPV4_RANGES: readonly SpecialRange[] = (
  [
    ['0.0.0.0/8', 'this network', '0.0.0.0', '0.255.255.255', null, '1.0.0.0'],
    ['0.0.0.0/32', 'this host', '0.0.0.0', '0.0.0.0', null, '1.0.0.0'],
    ['10.0.0.0/8', 'private use', '10.0.0.0', '10.255.255.255', '9.255.255.255', '11.0.0.0'],
    ['100.64.0.0/10', 'shared', '100.64.0.0', '100.127.255.255', '100.63.255.255', '100.128.0.0'],
    ['127.0.0.0/8', 'loopback', '127.0.0.0', '127.255.255.255', '126.255.255.255', '128.0.0.0'],
    ['169.254.0.0/16', 'link local', '169.254.0.0', '169.254.255.255', '169.253.255.255', '169.255.0.0'],
    ['172.16.0.0/12', 'private use', '172.16.0.0', '172.31.255.255', '172.15.255.255', '172.32.0.0'],
    ['192.0.0.0/24', 'protocol assignments', '192.0.0.0', '192.0.0.255', '191.255.255.255', '192.0.1.0'],
    ['192.0.0.0/29', 'service continuity', '192.0.0.0', '192.0.0.7', '191.255.255.255', '192.0.1.0'],
    ['192.0.0.8/32', 'dummy address', '192.0.0.8', '192.0.0.8', '191.255.255.255', '192.0.1.0'],
    ['192.0.0.9/32', 'PCP anycast', '192.0.0.9', '192.0.0.9', '191.255.255.255', '192.0.1.0'],
    ['192.0.0.10/32', 'TURN anycast', '192.0.0.10', '192.0.0.10', '191.255.255.255', '192.0.1.0'],
    ['192.0.0.170/32', 'NAT64 discovery', '192.0.0.170', '192.0.0.170', '191.255.255.255', '192.0.1.0'],
    ['192.0.0.171/32', 'NAT64 discovery', '192.0.0.171', '192.0.0.171', '191.255.255.255', '192.0.1.0'],
    ['192.0.2.0/24', 'documentation', '192.0.2.0', '192.0.2.255', '192.0.1.255', '192.0.3.0'],
    ['192.31.196.0/24', 'AS112', '192.31.196.0', '192.31.196.255', '192.31.195.255', '192.31.197.0'],
    ['192.52.193.0/24', 'AMT', '192.52.193.0', '192.52.193.255', '192.52.192.255', '192.52.194.0'],
    ['192.88.99.0/24', '6to4 relays', '192.88.99.0', '192.88.99.255', '192.88.98.255', '192.88.100.0'],
    ['192.88.99.2/32', '6a44 relays', '192.88.99.2', '192.88.99.2', '192.88.98.255', '192.88.100.0'],
    ['192.168.0.0/16', 'private use', '192.168.0.0', '192.168.255.255', '192.167.255.255', '192.169.0.0'],
    ['192.175.48.0/24', 'AS112', '192.175.48.0', '192.175.48.255', '192.175.47.255', '192.175.49.0'],
    ['198.18.0.0/15', 'benchmarks', '198.18.0.0', '198.19.255.255', '198.17.255.255', '198.20.0.0'],
    ['198.51.100.0/24', 'documentation', '198.51.100.0', '198.51.100.255', '198.51.99.255', '198.51.101.0'],
    ['203.0.113.0/24', 'documentation', '203.0.113.0', '203.0.113.255', '203.0.112.255', '203.0.114.0'],
    ['224.0.0.0/4', 'multicast', '224.0.0.0', '239.255.255.255', '223.255.255.255', null],
    ['240.0.0.0/4', 'reserved', '240.0.0.0', '255.255.255.255', '223.255.255.255', null],
    ['255.255.255.255/32', 'broadcast', '255.255.255.255', '255.255.255.255', '223.255.255.255', null],
  ] satisfies Row[]
).map(range);

const F = 'ffff:ffff:ffff:ffff';
const LAST_GLOBAL = `3fff:ffff:ffff:ffff:${F}`;
const BEFORE_ASSIGNMENTS = `2000:ffff:ffff:ffff:${F}`;
const AFTER_ASSIGNMENTS = '2001:200::';

/**
 * The IANA IPv6 Special-Purpose Address Registry, the unassigned space outside of 2000::/3, and blocks assigned by
 * older RFCs.
 */
export const IPV6_RANGES: readonly SpecialRange[] = (
  [
    ['::/3', 'below global unicast', '::', `1fff:ffff:ffff:ffff:${F}`, null, '2000::'],
    ['::/128', 'unspecified', '::', '::', null, '2000::'],
    ['::1/128', 'loopback', '::1', '::1', null, '2000::'],
    ['::/96', 'IPv4-compatible', '::', '::ffff:ffff', null, '2000::'],
    ['::ffff:0:0:0/96', 'translated', '::ffff:0:0:0', '::ffff:0:ffff:ffff', null, '2000::'],
    ['64:ff9b:1::/48', 'local-use NAT64', '64:ff9b:1::', `64:ff9b:1:ffff:${F}`, null, '2000::'],
    ['100::/64', 'discard only', '100::', `100::${F}`, null, '2000::'],
    ['100:0:0:1::/64', 'dummy prefix', '100:0:0:1::', `100:0:0:1:${F}`, null, '2000::'],
    [
      '2001::/23',
      'protocol assignments',
      '2001::',
      `2001:1ff:ffff:ffff:${F}`,
      BEFORE_ASSIGNMENTS,
      AFTER_ASSIGNMENTS,
    ],
    ['2001::/32', 'Teredo', '2001::', `2001:0:ffff:ffff:${F}`, BEFORE_ASSIGNMENTS, AFTER_ASSIGNMENTS],
    ['2001:1::1/128', 'PCP anycast', '2001:1::1', '2001:1::1', BEFORE_ASSIGNMENTS, AFTER_ASSIGNMENTS],
    ['2001:1::2/128', 'TURN anycast', '2001:1::2', '2001:1::2', BEFORE_ASSIGNMENTS, AFTER_ASSIGNMENTS],
    ['2001:1::3/128', 'DNS-SD SRP anycast', '2001:1::3', '2001:1::3', BEFORE_ASSIGNMENTS, AFTER_ASSIGNMENTS],
    ['2001:2::/48', 'benchmarks', '2001:2::', `2001:2:0:ffff:${F}`, BEFORE_ASSIGNMENTS, AFTER_ASSIGNMENTS],
    ['2001:3::/32', 'AMT', '2001:3::', `2001:3:ffff:ffff:${F}`, BEFORE_ASSIGNMENTS, AFTER_ASSIGNMENTS],
    [
      '2001:4:112::/48',
      'AS112',
      '2001:4:112::',
      `2001:4:112:ffff:${F}`,
      BEFORE_ASSIGNMENTS,
      AFTER_ASSIGNMENTS,
    ],
    ['2001:10::/28', 'ORCHID', '2001:10::', `2001:1f:ffff:ffff:${F}`, BEFORE_ASSIGNMENTS, AFTER_ASSIGNMENTS],
    [
      '2001:20::/28',
      'ORCHIDv2',
      '2001:20::',
      `2001:2f:ffff:ffff:${F}`,
      BEFORE_ASSIGNMENTS,
      AFTER_ASSIGNMENTS,
    ],
    [
      '2001:30::/28',
      'drone identifiers',
      '2001:30::',
      `2001:3f:ffff:ffff:${F}`,
      BEFORE_ASSIGNMENTS,
      AFTER_ASSIGNMENTS,
    ],
    [
      '2001:db8::/32',
      'documentation',
      '2001:db8::',
      `2001:db8:ffff:ffff:${F}`,
      `2001:db7:ffff:ffff:${F}`,
      '2001:db9::',
    ],
    [
      '2002::/24',
      '6to4 of 0.0.0.0/8',
      '2002::',
      `2002:ff:ffff:ffff:${F}`,
      `2001:ffff:ffff:ffff:${F}`,
      '2002:100::',
    ],
    [
      '2002:e000::/19',
      '6to4 of 224.0.0.0/3',
      '2002:e000::',
      `2002:ffff:ffff:ffff:${F}`,
      `2002:dfff:ffff:ffff:${F}`,
      '2003::',
    ],
    [
      '2620:4f:8000::/48',
      'AS112',
      '2620:4f:8000::',
      `2620:4f:8000:ffff:${F}`,
      `2620:4f:7fff:ffff:${F}`,
      '2620:4f:8001::',
    ],
    [
      '3fff::/20',
      'documentation',
      '3fff::',
      `3fff:fff:ffff:ffff:${F}`,
      `3ffe:ffff:ffff:ffff:${F}`,
      '3fff:1000::',
    ],
    ['4000::/2', 'above global unicast', '4000::', `7fff:ffff:ffff:ffff:${F}`, LAST_GLOBAL, null],
    ['8000::/1', 'above global unicast', '8000::', `ffff:ffff:ffff:ffff:${F}`, LAST_GLOBAL, null],
    ['5f00::/16', 'segment routing', '5f00::', `5f00:ffff:ffff:ffff:${F}`, LAST_GLOBAL, null],
    ['fc00::/7', 'unique local', 'fc00::', `fdff:ffff:ffff:ffff:${F}`, LAST_GLOBAL, null],
    ['fe80::/10', 'link local', 'fe80::', `febf:ffff:ffff:ffff:${F}`, LAST_GLOBAL, null],
    ['fec0::/10', 'site local', 'fec0::', `feff:ffff:ffff:ffff:${F}`, LAST_GLOBAL, null],
    ['ff00::/8', 'multicast', 'ff00::', `ffff:ffff:ffff:ffff:${F}`, LAST_GLOBAL, null],
  ] satisfies Row[]
).map(range);

/**
 * Blocks of the registry that represent IPv4 addresses. Their edges are those of IPv4 (0.0.0.0 and 255.255.255.255);
 * every address in between is as public as its IPv4 address.
 */
export const IPV4_WINDOWS = [
  { block: '::ffff:0:0/96', purpose: 'IPv4-mapped', first: '::ffff:0:0', last: '::ffff:ffff:ffff' },
  { block: '64:ff9b::/96', purpose: 'NAT64', first: '64:ff9b::', last: '64:ff9b::ffff:ffff' },
] as const;
