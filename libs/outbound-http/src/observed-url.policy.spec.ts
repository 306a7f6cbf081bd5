import { afterEach, beforeEach, expect, it } from 'vitest';
import { ObservedUrlPolicy, onBlockedPeer, type BlockedPeer } from './observed-url.policy.js';

let published: BlockedPeer[];
let stop: () => void;

beforeEach(() => {
  published = [];
  stop = onBlockedPeer((peer) => published.push(peer));
});
afterEach(() => stop());

it('publishes hosts and ports that an option could allow, and refuses them as before', () => {
  const policy = new ObservedUrlPolicy();
  expect(() => policy.check('http://127.0.0.1:8080/a?token=secret')).toThrow('public internet');
  expect(() => policy.check('http://[::1]/')).toThrow('public internet');
  expect(() => policy.check('https://localhost./')).toThrow('public internet');
  expect(() => policy.check('https://example.com:8443/')).toThrow('port');
  expect(() => policy.checkResolved('archive.example', 443, ['10.1.2.3'])).toThrow('public internet');
  expect(published).toEqual([
    { host: '127.0.0.1', port: 8080, fault: 'host' },
    { host: '::1', port: 80, fault: 'host' },
    { host: 'localhost', port: 443, fault: 'host' },
    { host: 'example.com', port: 8443, fault: 'port' },
    { host: 'archive.example', port: 443, fault: 'host' },
  ]);
});

it('publishes neither allowed URLs nor those that no option could allow', () => {
  const policy = new ObservedUrlPolicy({ trustedNetworks: ['127.0.0.1'] });
  policy.check('http://127.0.0.1:8080/');
  policy.checkResolved('example.com', 443, ['8.8.8.8']);
  for (const url of ['file:///etc/passwd', 'http://user@127.0.0.1/', 'nonsense'])
    expect(() => policy.check(url)).toThrow('The URL');
  expect(published).toEqual([]);
});
