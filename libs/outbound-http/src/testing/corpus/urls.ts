import type { OutboundFault } from '../../outbound.error.js';

/** An ambiguous URL. `{port}` stands for the port of a listener on loopback. */
export interface TrickyUrl {
  readonly url: string;
  /** The expected fault. */
  readonly fault: OutboundFault;
}

const of = (fault: OutboundFault, ...urls: readonly string[]): readonly TrickyUrl[] =>
  urls.map((url) => ({ url, fault }));

/** Ambiguity between user and host. */
const USERINFO = [
  ...of(
    'userinfo',
    'http://example.com@127.0.0.1:{port}/',
    'http://example.com:80@127.0.0.1:{port}/',
    'http://127.0.0.1:{port}@example.com/',
    'http://user:secret@127.0.0.1:{port}/',
    'http://a@b@127.0.0.1:{port}/',
    'http://example.com &@127.0.0.1:{port}# @example.org/',
    'http://127.0.0.1;@example.com/',
    'http://[::1]@example.com/',
    'http://example.com%2F@127.0.0.1:{port}/',
    'http://example.com%5C@[::1]:{port}/',
  ),
  ...of('host', 'http://@127.0.0.1:{port}/', 'http://:@127.0.0.1:{port}/', 'http://@[::1]:{port}/'),
  ...of('invalidUrl', 'http://example.com%40127.0.0.1:{port}/', 'http://127.0.0.1:80:{port}/'),
];

/** Ambiguity about the end of the host. */
const DELIMITERS = [
  ...of(
    'host',
    'http://127.0.0.1:{port}\\@example.com/',
    'http://127.0.0.1:{port}#@example.com/',
    'http://127.0.0.1:{port}?@example.com/',
    'http://127.0.0.1:{port}/@example.com/',
    'http:\\\\127.0.0.1:{port}\\',
    'http:/\\127.0.0.1:{port}/',
    'http:\\/127.0.0.1:{port}/',
    'http:////127.0.0.1:{port}/',
    'http:/127.0.0.1:{port}/',
    'http:127.0.0.1:{port}',
    'http://127.0.0.1:000{port}/',
    'http://127.0.0.1:{port}/%0d%0aX-Injected:%20yes',
    'https:\\\\[::1]:{port}\\',
  ),
  ...of(
    'invalidUrl',
    '//127.0.0.1:{port}/',
    '\\\\127.0.0.1:{port}\\',
    '127.0.0.1:{port}/',
    'http://[::1%25lo]:{port}/',
    'http://[fe80::1%eth0]:{port}/',
    'http://[::1].example.com:{port}/',
    'http://127.0.0.1%00.example.com:{port}/',
    'http://127.0.0.1%2f.example.com:{port}/',
    'http://127.0.0.1 .example.com:{port}/',
    'http://127.0.0.1:0x50/',
    'http://127.0.0.1:{port}0000/',
    'http://1.2.3.4.5:{port}/',
    'http://127.0.0.256:{port}/',
    'http://4294967296:{port}/',
    'http://127․0․0․1:{port}/',
    'http://⒈⒉⒎.0.0.1:{port}/',
    'http://١٢٧.0.0.1:{port}/',
    'http://',
    'http:',
    '',
  ),
];

/** Characters that parsers drop. */
const WHITESPACE = of(
  'host',
  ' http://127.0.0.1:{port}/ ',
  '\thttp://127.0.0.1:{port}/',
  '\u0000http://127.0.0.1:{port}/',
  'ht\ntp://127.0.0.1:{port}/',
  'http:/\r\n/127.0.0.1:{port}/',
  'http://127.0\t.0.1:{port}/',
  'http://loc\nalhost:{port}/',
  'HTTP://127.0.0.1:{port}/',
);

const SCHEMES = of(
  'scheme',
  'ftp://127.0.0.1:{port}/',
  'file:///etc/passwd',
  'file://127.0.0.1/etc/passwd',
  'gopher://127.0.0.1:{port}/_PING',
  'dict://127.0.0.1:{port}/info',
  'ldap://127.0.0.1:{port}/',
  'ws://127.0.0.1:{port}/',
  'wss://127.0.0.1:{port}/',
  'data:video/mp4;base64,AAAA',
  'blob:http://127.0.0.1:{port}/1',
  'javascript:fetch("http://127.0.0.1:{port}/")',
  'jar:http://127.0.0.1:{port}!/',
  'url:http://127.0.0.1:{port}/',
  'view-source:http://127.0.0.1:{port}/',
  'http+unix://%2Frun%2Fdocker.sock/',
  'localhost:{port}/',
);

export const TRICKY_URLS: readonly TrickyUrl[] = [...USERINFO, ...DELIMITERS, ...WHITESPACE, ...SCHEMES];
