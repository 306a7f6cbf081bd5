import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProber } from '#libs/media-probe';
import { ensureFfmpeg } from './ffmpeg.js';
import { run } from './run.js';

const STILL = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=1:duration=1'];
const FILM = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=1'];
const H264 = ['libx264', '-preset', 'ultrafast', '-pix_fmt:v:1', 'yuv420p'];

const prober = createProber({ processes: 1 });
let folder: string;
beforeAll(async () => {
  await ensureFfmpeg();
  folder = await mkdtemp(join(tmpdir(), 'tracks-'));
}, 600_000);
afterAll(async () => {
  await prober.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a still image before the video track is ignored', () => {
  it.each([
    ['mp4', 'mjpeg', H264],
    ['mov', 'mjpeg', H264],
    ['mov', 'png', H264],
    ['mkv', 'mjpeg', H264],
    ['mkv', 'png', H264],
    ['mkv', 'libx264', H264],
    ['avi', 'mjpeg', ['mpeg4']],
    ['avi', 'mpeg4', ['mpeg4']],
    ['wmv', 'mjpeg', ['wmv2']],
    ['ts', 'libx264', H264],
    ['ts', 'mpeg2video', ['mpeg2video']],
  ])('%s, %s', async (extension, still, film) => {
    const path = join(folder, `${still}.${extension}`);
    const codings = ['-map', '0', '-map', '1', '-c:v:0', still, '-r:v:1', '25', '-c:v:1', ...film];
    await run('ffmpeg', ['-y', '-nostdin', '-v', 'error', ...STILL, ...FILM, ...codings, path]);
    expect(await prober.probe(path)).toMatchObject({ width: 320, height: 180 });
  });

  it('an attached cover', async () => {
    const [cover, path] = [join(folder, 'cover.jpg'), join(folder, 'attached.mkv')];
    await run('ffmpeg', ['-y', '-nostdin', '-v', 'error', ...STILL, '-frames:v', '1', cover]);
    const attached = ['-attach', cover, '-metadata:s:t', 'mimetype=image/jpeg'];
    await run('ffmpeg', ['-y', '-nostdin', '-v', 'error', ...FILM, ...attached, '-c:v', 'libx264', path]);
    expect(await prober.probe(path)).toMatchObject({ videoCodec: 'h264', width: 320, height: 180 });
  });
});

it('the first of several programs in a transport stream is used', async () => {
  const path = join(folder, 'programs.ts');
  const programs = ['-program', 'program_num=1:st=0', '-program', 'program_num=2:st=1'];
  const other = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=1'];
  const codings = [
    '-map',
    '0',
    '-map',
    '1',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
  ];
  await run('ffmpeg', ['-y', '-nostdin', '-v', 'error', ...FILM, ...other, ...codings, ...programs, path]);
  expect(await prober.probe(path)).toMatchObject({ videoCodec: 'h264', width: 320, height: 180 });
});
