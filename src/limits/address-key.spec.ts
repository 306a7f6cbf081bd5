import { expect, it } from 'vitest';
import { addressKey } from './address-key.js';

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2::7', '20010db800010002'],
  ['2001:db8:1:2:ffff:ffff:ffff:ffff', '20010db800010002'],
  ['2001:db8:1:3::7', '20010db800010003'],
  ['::1', '0000000000000000'],
  ['fe80::1%eth0', 'fe80000000000000'],
])('maps %s to the key %s', (ip, key) => expect(addressKey(ip)).toBe(key));
