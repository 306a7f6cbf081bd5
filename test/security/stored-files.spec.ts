import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesAt, entry, newMp4, newPartner, openScene, type Partner, type Scene } from '../e2e/scene.js';

const PAGE = '<!doctype html><html><body><script>alert(document.domain)</script></body></html>';

/** Names that would escape if they became part of a path. */
const PATHS = [
  '../../../../tmp/reelport-escaped.mp4',
  '..\\..\\reelport-escaped.mp4',
  '/tmp/reelport-escaped.mp4',
  '%2e%2e%2freelport-escaped.mp4',
  'C:\\reelport-escaped.mp4',
  '~/.reelport-escaped',
  'CON',
  '..',
];

let scene: Scene;
let partner: Partner;

beforeAll(async () => {
  scene = await openScene();
  partner = await newPartner(scene.reelport);
});
afterAll(() => scene?.close());

describe('an HTML page declared as a video', () => {
  it('is refused despite its name and type', async () => {
    scene.origin.serve('/page.mp4', Buffer.from(PAGE), { contentType: 'video/mp4' });
    const id = await partner.api.importVideos('pages', [entry('page', scene.origin.url('/page.mp4'))]);
    const { videos } = await partner.api.finished(id);
    expect(videos).toMatchObject([{ state: 'failed', code: 'NOT_A_VIDEO' }]);
  });

  it.each([
    ['mp4', 'video/mp4'],
    ['webm', 'video/webm'],
    ['html', 'application/octet-stream'],
    ['svg', 'application/octet-stream'],
    ['js', 'application/octet-stream'],
  ])('would not run if it were stored as .%s', async (extension, type) => {
    const key = `2020/01/02/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.${extension}`;
    const path = join(scene.reelport.dataDir, 'media', key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, PAGE);
    const answer = await fetch(`${scene.reelport.url}/media/${key}`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(PAGE);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    // No source for scripts, and a sandboxed origin that cannot run any.
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  });
});

describe('an external name', () => {
  it('never becomes a path, neither as title, id, system nor query', async () => {
    scene.origin.serve('/named/*', () => newMp4());
    const batch = PATHS.map((name, n) =>
      entry(name, scene.origin.url(`/named/${n}.mp4?file=${encodeURIComponent(name)}`), { fileName: name }),
    );
    const id = await partner.api.importVideos('../../reelport-escaped', batch);
    const { videos } = await partner.api.finished(id);
    expect(videos.map(({ state, title }) => [state, title])).toEqual(PATHS.map((name) => ['success', name]));
    for (const { video } of videos) {
      const url = new URL(String(video?.['originalUrl']));
      expect(url.pathname).toMatch(/^\/media\/\d{4}\/\d\d\/\d\d\/[0-9a-f-]{36}\.mp4$/);
      expect((await bytesAt(url)).length).toBeGreaterThan(0);
    }
    const files = await readdir(scene.reelport.dataDir, { recursive: true });
    expect(files.filter((name) => /escaped|CON|~/.test(name))).toEqual([]);
    const beside = await readdir(dirname(scene.reelport.dataDir));
    expect(beside.filter((name) => name.includes('reelport-escaped'))).toEqual([]);
  });

  it.each(['..%2f..%2f..%2fetc%2fpasswd', '%2e%2e/%2e%2e/package.json', '..%5c..%5cpackage.json', '.env'])(
    'of a stored file leads to no other file: %s',
    async (path) => {
      const answer = await fetch(`${scene.reelport.url}/media/${path}`);
      expect([403, 404]).toContain(answer.status);
    },
  );
});
