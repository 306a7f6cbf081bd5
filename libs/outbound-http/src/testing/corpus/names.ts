import type { Zone } from '../name-server.js';
import { EMBEDDING_FORMS, embedded } from './embedded-ipv4.js';
import { METADATA_ADDRESSES } from './hosts.js';
import { IPV4_RANGES, IPV6_RANGES } from './special-ranges.js';

/** Forbidden answers for user-supplied names, named after their trick. */
const ANSWERS: Zone = {
  'loopback.example.com': ['127.0.0.1'],
  'six.example.com': ['::1'],
  'both.example.com': ['127.0.0.1', '::1'],
  '127.0.0.1.nip.example.com': ['127.0.0.1'],
  'first.example.com': ['127.0.0.1', '8.8.8.8', '8.8.4.4'],
  'middle.example.com': ['8.8.8.8', '127.0.0.1', '8.8.4.4'],
  'last.example.com': ['8.8.8.8', '8.8.4.4', '127.0.0.1'],
  'good-a-bad-aaaa.example.com': ['8.8.8.8', '::1'],
  'bad-a-good-aaaa.example.com': ['127.0.0.1', '2606:4700:4700::1111'],
  'last-of-six.example.com': ['2606:4700:4700::1111', '2606:4700:4700::1001', '::1'],
  'many.example.com': [...Array.from({ length: 20 }, (_, i) => `8.8.8.${i + 1}`), '127.0.0.1'],
  'alias.example.com': { cname: 'loopback.example.com' },
  'alias-to-localhost.example.com': { cname: 'localhost' },
  'alias-to-internal.example.com': { cname: 'metadata.google.internal' },
  'chain.example.com': { cname: 'chain-2.example.com' },
  'chain-2.example.com': { cname: 'chain-3.example.com' },
  'chain-3.example.com': { cname: 'chain-4.example.com' },
  'chain-4.example.com': { cname: 'last.example.com' },
  localhost: ['127.0.0.1', '::1'],
  'metadata.google.internal': ['169.254.169.254'],
};

const addresses = [
  ...[...IPV4_RANGES, ...IPV6_RANGES].flatMap(({ first, last }) => [first, last]),
  ...METADATA_ADDRESSES.map(({ host }) => host.replace(/^\[|\]$/g, '')),
  ...EMBEDDING_FORMS.map((form) => embedded(form, '127.0.0.1')),
];

/** A zone in which every user-supplied name leads to a forbidden address, alone or among public ones. */
export const FORBIDDEN_ZONE: Zone = {
  ...ANSWERS,
  ...Object.fromEntries(addresses.map((address, i) => [`address-${i}.example.com`, [address]])),
};

/** The names of the zone that have a public form. */
export const FORBIDDEN_NAMES: readonly string[] = Object.keys(FORBIDDEN_ZONE).filter((name) =>
  name.endsWith('.example.com'),
);
