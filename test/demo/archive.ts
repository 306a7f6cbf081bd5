import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Origin } from '../support/origin.js';

/** Folder of package.json, relative to `dist/test/demo`. */
export const ROOT = join(import.meta.dirname, '../../..');
const FIXTURES = join(ROOT, 'test/fixtures');

/** Expected result of one entry of the archive. */
export interface Entry {
  id: string;
  path: string;
  title: string;
  expected: ExpectedVideo | { code: string };
}

export interface ExpectedVideo {
  mimeType: string;
  width: number;
  height: number;
}

const VIDEOS: Readonly<Record<string, string>> = {
  'h264-faststart.mp4': 'H.264 in MP4',
  'hevc.mp4': 'HEVC in MP4',
  'av1.mp4': 'AV1 in MP4',
  'quicktime.mov': 'QuickTime',
  'rotated-90.mp4': 'Filmed upright',
  'vp9.webm': 'VP9 in WebM',
  'h264.ts': 'Transport stream',
  'mpeg4.avi': 'AVI',
};

/** Local file of an entry. */
export function fileOf({ path }: Entry): string {
  return join(FIXTURES, path);
}

/** Eight videos in different formats, a web page declared as a video, and a dead link. */
export function stockArchive(origin: Origin): Entry[] {
  const known: { videos: Record<string, ExpectedVideo> } = JSON.parse(
    readFileSync(join(FIXTURES, 'expected.json'), 'utf8'),
  );
  const videos = Object.entries(VIDEOS).map(([path, title]): Entry => {
    const expected = known.videos[path];
    if (expected === undefined) throw new Error(`${path} is not described in expected.json`);
    return { id: path.replace(/\.\w+$/, ''), path, title, expected };
  });
  const page: Entry = {
    id: 'web-page',
    path: 'page.html',
    title: 'A web page declared as a video',
    expected: { code: 'NOT_A_VIDEO' },
  };
  for (const entry of [...videos, page]) origin.serve(`/${entry.path}`, fileOf(entry));
  const gone: Entry = {
    id: 'dead-link',
    path: 'gone.mp4',
    title: 'A dead link',
    expected: { code: 'HTTP_STATUS' },
  };
  return [...videos, page, gone];
}

/** The entries as a CSV. */
export function listOf(origin: Origin, entries: readonly Entry[]): string {
  const rows = entries.map(
    ({ id, path, title }) => `${id},${title},${origin.url(`/${path}`)},Reelport demo\n`,
  );
  return `id,title,url,credit\n${rows.join('')}`;
}

export function isVideo(entry: Entry): entry is Entry & { expected: ExpectedVideo } {
  return 'mimeType' in entry.expected;
}
