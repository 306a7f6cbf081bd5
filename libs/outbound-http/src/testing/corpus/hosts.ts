/** A host, as written in a URL, that is not on the public internet. */
export interface ForbiddenHost {
  readonly trick: string;
  readonly host: string;
}

const of = (trick: string, ...hosts: readonly string[]): readonly ForbiddenHost[] =>
  hosts.map((host) => ({ trick, host }));

/** IPv4 addresses in the notations of `inet_aton`; `ipv4Spellings` generates all combinations. */
const NUMERIC = [
  ...of('decimal', '2130706433', '2852039166', '167772161', '3232235521', '0'),
  ...of('octal', '0177.0.0.1', '017700000001', '00000177.0.0.1', '0251.0376.0251.0376', '012.0.0.1'),
  ...of('hexadecimal', '0x7f000001', '0x7f.0x0.0x0.0x1', '0X7F.1', '0xa9fea9fe', '0x', '0x.0x.0'),
  ...of('short', '127.1', '127.0.1', '10.1', '192.168.257', '169.16689662', '0.0'),
  ...of('mixed', '0x7f.0.0.01', '0177.0x0.1', '0xa9.0376.43518', '0x0a.010.1'),
];

/** Characters that IDNA maps to digits, letters and dots (UTS #46), or removes. */
const UNICODE = [
  ...of('digits', '１２７.0.0.1', '①②⑦.⓪.⓪.①', '𝟏𝟐𝟕.𝟎.𝟎.𝟏', '¹²⁷.⁰.⁰.¹', '₁₂₇.₀.₀.₁', '２１３０７０６４３３'),
  ...of('dots', '127。0。0。1', '127．0．0．1', '127｡0｡0｡1', '１６９．２５４。１６９｡２５４', '127。1'),
  ...of('x of a hexadecimal number', '0ⅹ7f.1'),
  ...of('ignored characters', '127\u200B.0.0.1', '12\u20607.0.0.1', '\uFEFF127.0.0.1', '\u00AD127.0.0.1'),
  ...of(
    'letters',
    'ｌｏｃａｌｈｏｓｔ',
    'ⓛocalhost',
    'loca\u2113host',
    'localhoſt',
    'metadata。google。internal',
  ),
];

const PERCENT_ENCODED = of(
  'percent-encoded',
  '%31%32%37.0.0.1',
  '127%2E0%2E0%2E1',
  '127.0.0.1%2e',
  '%6c%6f%63alhost',
  '%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1',
);

const TRAILING_DOTS = of(
  'trailing dots',
  '127.0.0.1.',
  '127.0.0.1..',
  '2130706433.',
  '0x7f000001.',
  '0177.1.',
  '169.254.169.254.',
  'localhost.',
  'localhost..',
  'localhost。',
  'printer.local.',
);

const IPV6_SPELLINGS = [
  ...of('loopback', '[::1]', '[0:0:0:0:0:0:0:1]', '[0000:0000::0001]', '[::0.0.0.1]'),
  ...of('unspecified', '[::]', '[0::0]', '[::0.0.0.0]'),
  ...of('IPv4 in decimal', '[::ffff:127.0.0.1]', '[0:0:0:0:0:FFFF:10.0.0.1]', '[64:ff9b::169.254.169.254]'),
  ...of('IPv4 in hexadecimal', '[::ffff:7f00:1]', '[::FFFF:A9FE:A9FE]', '[2002:7f00:1::]'),
];

/** Metadata services, which hand out credentials to the machines of a cloud. */
export const METADATA_ADDRESSES = [
  ...of('AWS, GCP, Azure, OpenStack, DigitalOcean, Hetzner, IBM', '169.254.169.254'),
  ...of('AWS tasks and pods', '169.254.170.2', '169.254.170.23', '[fd00:ec2::23]'),
  ...of('AWS over IPv6', '[fd00:ec2::254]'),
  ...of('GCP over IPv6', '[fd20:ce::254]'),
  ...of('Azure platform', '168.63.129.16'),
  ...of('Alibaba Cloud', '100.100.100.200'),
  ...of('Oracle Cloud', '192.0.0.192', '[fd00:c1::a9fe:a9fe]'),
  ...of('Scaleway', '169.254.42.42', '[fd00:42::42]'),
  ...of('Tencent Cloud', '169.254.0.23'),
  ...of('OpenStack over IPv6', '[fe80::a9fe:a9fe]'),
];

/** Names with a meaning only inside a network. */
const LOCAL_NAMES = [
  ...of('this machine', 'localhost', 'LOCALHOST', 'a.localhost', 'localhost.localdomain', 'box.localdomain'),
  ...of('metadata', 'metadata', 'metadata.google.internal', 'instance-data', 'instance-data.ec2.internal'),
  ...of('containers', 'redis', 'postgres', 'host.docker.internal', 'kubernetes', 'db.svc.cluster.local'),
  ...of('home and office', 'printer.local', 'router.home.arpa', 'fritz.lan', 'nas.home', 'wiki.corp'),
  ...of('home and office', 'intranet', 'wiki.intranet', 'vault.private'),
  ...of('Tor', 'abcdefghijklmnop.onion'),
];

/** All hosts that must be refused at any port. */
export const FORBIDDEN_HOSTS: readonly ForbiddenHost[] = [
  ...NUMERIC,
  ...UNICODE,
  ...PERCENT_ENCODED,
  ...TRAILING_DOTS,
  ...IPV6_SPELLINGS,
  ...METADATA_ADDRESSES,
  ...LOCAL_NAMES,
];
