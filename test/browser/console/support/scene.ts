import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NewVideo } from '../../../support/api.js';

const FIXTURES = join(import.meta.dirname, '../../../fixtures');
const SMALL_VIDEO = readFileSync(join(FIXTURES, 'h264-faststart.mp4'));

/** A small MP4 with unique bytes: a box that players skip contains a random number. */
export function newMp4(): Buffer {
  const content = Buffer.from(randomUUID());
  const header = Buffer.from('\0\0\0\0free', 'latin1');
  header.writeUInt32BE(header.length + content.length);
  return Buffer.concat([SMALL_VIDEO, header, content]);
}

/** An entry of a batch. */
export function entry(id: string, url: string, fileName = `Title of ${id}`): NewVideo {
  return { id, url, fileName, metadata: {} };
}
