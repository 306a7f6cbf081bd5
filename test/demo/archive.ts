import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NewVideo } from '../support/api.js';
import type { Origin } from '../support/origin.js';

/** The folder of package.json, seen from `dist/test/demo`. */
export const ROOT = join(import.meta.dirname, '../../..');
const FIXTURES = join(ROOT, 'test/fixtures');

/** What the demo expects of one entry of the archive. */
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

/** Where the bytes of an entry are on this disk. */
export function fileOf({ path }: Entry): string {
  return join(FIXTURES, path);
}

/** Eight videos of eight kinds, a web page in the place of a video, and a dead link. */
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
    title: 'A web page that calls itself a video',
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

/** The entries as a batch names them. */
export function batchOf(origin: Origin, entries: readonly Entry[]): NewVideo[] {
  return entries.map(({ id, path, title }) => ({
    url: origin.url(`/${path}`),
    id,
    fileName: title,
    metadata: { credit: 'Reelport demo' },
  }));
}

export function isVideo(entry: Entry): entry is Entry & { expected: ExpectedVideo } {
  return 'mimeType' in entry.expected;
}
