import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createProber, type VideoProbe } from './index.js';

interface Expected {
  videos: Record<string, VideoProbe & { sha256: string }>;
  refused: Record<string, { kind: string; code: string; reason: string; sha256: string }>;
}

const folder = new URL('../../../test/fixtures/', import.meta.url);
const expected: Expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8'));
const prober = createProber({ processes: 1 });
afterAll(() => prober.close());

const pathOf = (name: string) => fileURLToPath(new URL(name, folder));
const sha256Of = (name: string) =>
  createHash('sha256')
    .update(readFileSync(pathOf(name)))
    .digest('hex');

/** Within a twentieth of a second. */
const closeTo = (seconds: number | null): unknown => (seconds === null ? null : expect.closeTo(seconds, 1));

it('expected.json describes every file in the folder', () => {
  const described = [...Object.keys(expected.videos), ...Object.keys(expected.refused)];
  const others = ['README.md', 'expected.json', 'expected.mjs', 'make.sh'];
  expect(readdirSync(folder).sort()).toEqual([...described, ...others].sort());
});

/** Both kinds of source: the path of a file, and its bytes as a part of a larger buffer. */
const sourcesOf = (name: string): Array<string | Uint8Array> => {
  const bytes = readFileSync(pathOf(name));
  return [pathOf(name), Buffer.concat([Buffer.from('before'), bytes]).subarray(6)];
};

describe('a video is identified by its bytes', () => {
  it.each(Object.entries(expected.videos))('%s', async (name, { sha256, duration, ...fields }) => {
    expect(sha256Of(name)).toBe(sha256);
    for (const source of sourcesOf(name)) {
      expect(await prober.probe(source)).toEqual({ ...fields, duration: closeTo(duration) });
    }
  });
});

describe('a file that is not a video is refused', () => {
  it.each(Object.entries(expected.refused))('%s', async (name, { kind, reason, sha256 }) => {
    expect(sha256Of(name)).toBe(sha256);
    for (const source of sourcesOf(name)) {
      await expect(prober.probe(source)).rejects.toMatchObject({ name: 'NotAVideoError', kind, reason });
    }
  });
});
