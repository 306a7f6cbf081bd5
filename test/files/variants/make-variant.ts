import { readFile, writeFile } from 'node:fs/promises';
import { run } from '../run.js';
import { AUDIO_CODINGS, VIDEO_CODINGS } from './codecs.js';
import { MUXERS } from './muxers.js';
import { turned } from './turn.js';
import type { Variant } from './variant.js';

/** Writes the file of a variant to `path`. @throws Error with the message of ffmpeg if it cannot write it */
export async function makeVariant(variant: Variant, path: string): Promise<void> {
  const { isPiped, turns } = variant;
  const output = await run('ffmpeg', [...argumentsOf(variant), isPiped ? 'pipe:1' : path]);
  if (isPiped) await writeFile(path, output);
  if (turns > 0) await writeFile(path, turned(await readFile(path), turns));
}

function argumentsOf(variant: Variant): string[] {
  const { muxer, video, audio, layout, size, pixels, rate, seconds, keyInterval } = variant;
  const { format, layouts } = MUXERS[muxer];
  const sound = audio === 'none' ? [] : ['-f', 'lavfi', '-i', `sine=sample_rate=48000:duration=${seconds}`];
  const picture = `testsrc2=size=${size.width}x${size.height}:rate=${rate}:duration=${seconds},setsar=${pixels}`;
  const input = ['-y', '-nostdin', '-v', 'error', '-f', 'lavfi', '-i', picture, ...sound];
  const pictures = [...VIDEO_CODINGS[video].args, '-g', String(keyInterval)];
  const output = ['-threads', '1', '-strict', '-2', ...layouts[layout], '-f', format];
  return [...input, '-ac', '2', ...pictures, ...AUDIO_CODINGS[audio], ...output];
}
