import { describe, expect, it } from 'vitest';

import { OutboundError } from './outbound.error.js';
import { UrlPolicy, type UrlPolicyOptions } from './url.policy.js';

function verdict(url: string, options?: UrlPolicyOptions): string {
  try {
    return new UrlPolicy(options).check(url).href;
  } catch (error) {
    if (error instanceof OutboundError && error.code === 'URL_BLOCKED') return error.fault;
    throw error;
  }
}

describe('UrlPolicy.check', () => {
  it.each([
    ['https://example.com/v.mp4?a=1', 'https://example.com/v.mp4?a=1'],
    ['http://example.com', 'http://example.com/'],
    ['http://example.com:80/', 'http://example.com/'],
    ['https://example.com:443/', 'https://example.com/'],
    ['http://example.com:443/', 'http://example.com:443/'],
    ['https://EXAMPLE.com./v', 'https://example.com/v'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
    ['https://my_bucket.example.com/', 'https://my_bucket.example.com/'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
    ['https://[2606:4700::1111]/', 'https://[2606:4700::1111]/'],
    ['https://localhost.example.com/', 'https://localhost.example.com/'],
    ['https://notlocal/..', 'host'],
    ['https://@example.com/', 'https://example.com/'],
    ['https://example.com\\@127.0.0.1/', 'https://example.com/@127.0.0.1/'],
    ['https://example.com#@127.0.0.1/', 'https://example.com/#@127.0.0.1/'],
  ])('turns %j into %s', (url, expected) => {
    expect(verdict(url)).toBe(expected);
  });

  it.each([
    ['', 'invalidUrl'],
    ['video.mp4', 'invalidUrl'],
    ['//example.com/v', 'invalidUrl'],
    ['http://', 'invalidUrl'],
    ['http://256.256.256.256/', 'invalidUrl'],
    ['http://1.2.3.4.5/', 'invalidUrl'],
    ['http://[fe80::1%25eth0]/', 'invalidUrl'],
    ['http://localhost%00.example.com/', 'invalidUrl'],
    ['http://example.com:99999/', 'invalidUrl'],
    ['ftp://example.com/', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['data:video/mp4;base64,AAAA', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
    ['blob:https://example.com/1', 'scheme'],
    ['gopher://example.com/', 'scheme'],
    ['http://user@example.com/', 'userinfo'],
    ['http://:secret@example.com/', 'userinfo'],
    ['http://example.com@127.0.0.1/', 'userinfo'],
    ['http://example.com%40127.0.0.1@example.org/', 'userinfo'],
    ['http://example.com:8080/', 'port'],
    ['http://example.com:22/', 'port'],
    ['http://example.com:0/', 'port'],
    ['https://8.8.8.8:6379/', 'port'],
  ])('refuses %j: %s', (url, fault) => {
    expect(verdict(url)).toBe(fault);
  });

  it.each([
    'http://127.0.0.1/',
    'http://127.0.0.1./',
    'http://127.1/',
    'http://127.0.1/',
    'http://0x7f.0.0.1/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0/',
    'http://0x/',
    'http:127.0.0.1',
    'http:\\\\127.0.0.1\\',
    'http:////127.0.0.1/',
    'http://127。0。0。1/',
    'http://１２７.0.0.1/',
    'http://①②⑦.⓪.⓪.①/',
    'http://%31%32%37.0.0.1/',
    'http://127.0.0.1%2e/',
    'http://\u00AD127.0.0.1/',
    'http://12\t7.0.0.1/',
    ' http://127.0.0.1/ ',
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://100.100.100.200/',
    'http://192.0.0.192/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[0:0:0:0:0:ffff:10.0.0.1]/',
    'http://[64:ff9b::169.254.169.254]/',
    'http://[2002:7f00:1::]/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::a9fe:a9fe]/',
    'http://localhost/',
    'http://LOCALHOST/',
    'http://localhost./',
    'http://localhost../',
    'http://loc\talhost/',
    'http://ⓛocalhost/',
    'http://a.localhost/',
    'http://printer.local/',
    'http://printer.local./',
    'http://metadata.google.internal/',
    'http://host.docker.internal/',
    'http://router.home.arpa/',
    'http://box.localdomain/',
    'http://nas.lan/',
    'http://redis/',
    'http://metadata/',
    'http://com./',
    'http://./',
    'http://.example.com/',
    'http://a..example.com/',
    'http://*.example.com/',
    'http://-a.example.com/',
    `http://${'a'.repeat(64)}.example.com/`,
    `http://${'abc.'.repeat(63)}example.com/`,
  ])('refuses %j as not public', (url) => {
    expect(verdict(url)).toBe('host');
  });

  it('gives the same error for every port in a forbidden range', () => {
    const words = ['', ':80', ':443', ':22', ':6379'].map((port) => verdict(`http://10.0.0.1${port}/`));
    expect(new Set(words)).toEqual(new Set(['host']));
  });

  it('accepts only the configured ports', () => {
    expect(verdict('http://example.com:8443/', { allowedPorts: [8443] })).toBe('http://example.com:8443/');
    expect(verdict('http://example.com/', { allowedPorts: [8443] })).toBe('port');
  });
});

describe('UrlPolicy with trusted networks', () => {
  const options = {
    trustedNetworks: ['10.0.0.0/8', '192.168.1.7', 'fd00::/8', '::1', 'Origin.Internal.', 'redis'],
  };

  it.each([
    'http://10.1.2.3:9000/',
    'http://192.168.1.7/',
    'http://[fd00::1]:81/',
    'http://[::1]:3000/',
    'http://[::ffff:a01:203]:9000/',
    'http://origin.internal:8080/',
    'http://redis:6379/',
  ])('accepts %s', (url) => {
    expect(verdict(url, options)).toBe(url);
  });

  it.each([
    'http://11.0.0.1:9000/',
    'http://192.168.1.8/',
    'http://[fc00::1]/',
    'http://127.0.0.1/',
    'http://other.internal/',
    'http://a.origin.internal/',
    'http://localhost/',
    'http://[2002:a01:203::]/',
    'http://[64:ff9b::a01:203]/',
  ])('still refuses %s', (url) => {
    expect(verdict(url, options)).not.toBe(url);
  });

  it('checks the port of a public name once its addresses are known', () => {
    const policy = new UrlPolicy(options);
    expect(policy.check('http://nas.example.com:9000/').port).toBe('9000');
    expect(() => policy.checkResolved('nas.example.com', 9000, ['10.0.0.5'])).not.toThrow();
    expect(() => policy.checkResolved('nas.example.com', 9000, ['8.8.8.8'])).toThrow(/port/);
    expect(() => policy.checkResolved('nas.example.com', 9000, ['10.0.0.5', '8.8.8.8'])).toThrow(/port/);
  });

  it.each([
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '127.1',
    'host:80',
    'http://a.b',
    'a b',
    '',
    '*.x.com',
    '10.0.0.0/-1',
  ])('throws on the entry %j', (entry) => {
    expect(() => new UrlPolicy({ trustedNetworks: [entry] })).toThrow(TypeError);
  });
});

describe('UrlPolicy.checkResolved', () => {
  const policy = new UrlPolicy();

  it.each([
    [['8.8.8.8', '127.0.0.1']],
    [['127.0.0.1', '8.8.8.8']],
    [['8.8.8.8', '::1']],
    [['::ffff:10.0.0.1']],
    [['fe80::1%eth0']],
    [['not an address']],
  ])('refuses a name with %j', (addresses) => {
    expect(() => policy.checkResolved('example.com', 80, addresses)).toThrow(OutboundError);
  });

  it('accepts a name whose addresses are all public', () => {
    expect(() => policy.checkResolved('example.com', 443, ['8.8.8.8', '2606:4700::1111'])).not.toThrow();
  });
});
