import { describe, expect, it } from 'vitest';
import { keepText } from '../../http/free-form-text.js';
import { fingerprintOf, formerFingerprintOf, roundedFingerprintOf } from './fingerprint.js';

const head = { systemName: 'archive', context: { b: 1, a: [1, 2] } };
const entry = { id: '1', url: 'https://a.example./x', fileName: 'x', metadata: { z: { y: 1, x: null } } };

const hex = async (...request: Parameters<typeof fingerprintOf>): Promise<string> =>
  (await fingerprintOf(...request)).toString('hex');

describe('the fingerprint of a request', () => {
  it('does not depend on the order of object members', async () => {
    const turned = {
      head: { context: { a: [1, 2], b: 1 }, systemName: 'archive' },
      entries: [{ metadata: { z: { x: null, y: 1 } }, fileName: 'x', url: entry.url, id: '1' }],
    };
    expect(await hex('thing', turned)).toBe(await hex('thing', { head, entries: [entry] }));
  });

  it('is stable across releases', async () => {
    expect(await hex('thing', { head, entries: [entry] })).toMatchInlineSnapshot(
      `"8fa37995c407b24e2355a1d2731e94a7925a05b49579cfabbd9183b2513a7976"`,
    );
  });

  it.each([
    ['kind', 'other', head, [entry]],
    ['head', 'thing', { ...head, context: { b: 1, a: [2, 1] } }, [entry]],
    ['entry', 'thing', head, [{ ...entry, metadata: { z: { y: '1', x: null } } }]],
    ['spelling of a host', 'thing', head, [{ ...entry, url: 'https://a.example/x' }]],
    ['number of entries', 'thing', head, [entry, entry]],
  ] as const)('is another one for another %s', async (_, kind, other, entries) => {
    expect(await hex(kind, { head: other, entries })).not.toBe(
      await hex('thing', { head, entries: [entry] }),
    );
  });

  it('depends on the kept digits of numbers, not on their notation', async () => {
    const withNumber = (token: string) => {
      const metadata = { n: Number(token) };
      keepText(metadata, `{"n":${token}}`, 100);
      return hex('thing', { head, entries: [{ metadata }] });
    };
    expect(await withNumber('12345678901234567890')).not.toBe(await withNumber('12345678901234567891'));
    expect(await withNumber('12345678901234567890')).toBe(await withNumber('1234567890123456789.0e1'));
    expect(await withNumber('1.10')).toBe(await hex('thing', { head, entries: [{ metadata: { n: 1.1 } }] }));
    expect(await withNumber('1e400')).not.toBe(
      await hex('thing', { head, entries: [{ metadata: { n: '1e400' } }] }),
    );
  });

  it('can still be computed as in the previous release, from numbers rounded to doubles', async () => {
    const metadata = { z: { y: 1, x: null } };
    keepText(metadata, '{"z":{"y":1.00000000000000000001,"x":null}}', 100);
    const request = { head, entries: [{ ...entry, metadata }] };
    expect((await roundedFingerprintOf('thing', request)).toString('hex')).toMatchInlineSnapshot(
      `"94b7f8f1c298d0383f9455bcf1b681ac9084c613bcc09946cd08d78f094b9e10"`,
    );
  });

  it('can still be computed as in earlier releases', () => {
    const item = {
      externalId: '1',
      title: 'x',
      payload: { url: entry.url },
      exact: { more: '1.0' },
      originHost: 'a.example',
    };
    const former = { kind: 'thing', systemName: 'archive', webhook: null, context: null, items: [item] };
    expect(formerFingerprintOf(former).toString('hex')).toMatchInlineSnapshot(
      `"1f5de64070be33bad2a5d1056bdd0d2e206b11791d79ccd6a1a319c52a658287"`,
    );
  });
});
