import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProber } from '#libs/media-probe';
import { differences, type Difference } from './compare.js';
import { ensureFfmpeg } from './ffmpeg.js';
import { askFfprobe } from './ffprobe.js';

const folder = new URL('../fixtures/', import.meta.url);
const {
  videos,
  refused,
}: Record<'videos' | 'refused', Record<string, { kind?: string; reason?: string }>> = JSON.parse(
  readFileSync(new URL('expected.json', folder), 'utf8'),
);

const LAST_FRAME = 'the duration of the last frame is not stored: one reader counts it, the other does not';

/** Known differences from ffprobe, with their reasons. */
const EXCEPTIONS: Readonly<Record<string, { what: Difference; reason: string }>> = {
  'mpeg2.mpg': { what: 'duration', reason: 'ffprobe misses the end of a very short program stream' },
  'live.webm': { what: 'duration', reason: 'ffprobe does not search for the end of a live recording' },
  'wmv2.wmv': { what: 'duration', reason: LAST_FRAME },
  'sorenson.flv': { what: 'duration', reason: LAST_FRAME },
  'h264.flv': { what: 'duration', reason: LAST_FRAME },
  'h264.ts': { what: 'duration', reason: LAST_FRAME },
  'h264.m2ts': { what: 'duration', reason: LAST_FRAME },
  'cut-in-mdat.mp4': { what: 'verdict', reason: 'players show a damaged video up to the cut' },
  'cut.webm': { what: 'verdict', reason: 'players show a damaged video up to the cut' },
  'picture.png': { what: 'verdict', reason: 'ffprobe treats a picture as a video of one frame' },
  'picture.jpg': { what: 'verdict', reason: 'ffprobe treats a picture as a video of one frame' },
  'animation.gif': { what: 'verdict', reason: 'an animated picture is no video' },
};
/** Excluded, because ffprobe would follow the references in a text. */
const TEXTS = /\.(m3u8|mpd|ffconcat|html|txt|json|svg)$/;

const prober = createProber({ processes: 1 });
beforeAll(ensureFfmpeg, 600_000);
afterAll(() => prober.close());

describe('every fixture gets the verdict, size and duration of ffprobe, or is a known exception', () => {
  const names = [...Object.keys(videos), ...Object.keys(refused)].filter((name) => !TEXTS.test(name));
  it.each(names)('%s', async (name) => {
    const path = fileURLToPath(new URL(name, folder));
    const ours = name in videos ? await prober.probe(path) : null;
    const exception = EXCEPTIONS[name];
    expect(differences(ours, await askFfprobe(path))).toEqual(exception ? [exception.what] : []);
  });
});
