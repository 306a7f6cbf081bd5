import { describe, expect, it } from 'vitest';
import { fingerprintOf, formerFingerprintOf } from './fingerprint.js';

const head = { systemName: 'archive', context: { b: 1, a: [1, 2] } };
const entry = { id: '1', url: 'https://a.example./x', fileName: 'x', metadata: { z: { y: 1, x: null } } };

const hex = async (...request: Parameters<typeof fingerprintOf>): Promise<string> =>
  (await fingerprintOf(...request)).toString('hex');

describe('the fingerprint of a request', () => {
  it('is the same in whatever order the members of objects are', async () => {
    const turned = {
      head: { context: { a: [1, 2], b: 1 }, systemName: 'archive' },
      entries: [{ metadata: { z: { x: null, y: 1 } }, fileName: 'x', url: entry.url, id: '1' }],
    };
    expect(await hex('thing', turned)).toBe(await hex('thing', { head, entries: [entry] }));
  });

  it('does not change from release to release', async () => {
    expect(await hex('thing', { head, entries: [entry] })).toMatchInlineSnapshot(
      `"94b7f8f1c298d0383f9455bcf1b681ac9084c613bcc09946cd08d78f094b9e10"`,
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

  it('of former releases can still be made', () => {
    const item = { externalId: '1', title: 'x', payload: { url: entry.url }, originHost: 'a.example' };
    const former = { kind: 'thing', systemName: 'archive', webhook: null, context: null, items: [item] };
    expect(formerFingerprintOf(former).toString('hex')).toMatchInlineSnapshot(
      `"1f5de64070be33bad2a5d1056bdd0d2e206b11791d79ccd6a1a319c52a658287"`,
    );
  });
});
