import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder for test files. */
export interface Scratch {
  folder: string;
  /** Writes a file with random or given bytes. */
  file(
    content: number | Buffer,
  ): Promise<{ path: string; bytes: Buffer; meta: { mimeType: string; size: number } }>;
  remove(): Promise<void>;
}

/** @param parent a folder on another file system than that of temporary files, if needed */
export async function makeScratch(parent: string = tmpdir()): Promise<Scratch> {
  const folder = await mkdtemp(join(parent, 'storage-'));
  return {
    folder,
    async file(content) {
      const bytes = typeof content === 'number' ? randomBytes(content) : content;
      const path = join(folder, randomUUID());
      await writeFile(path, bytes);
      return { path, bytes, meta: { mimeType: 'video/mp4', size: bytes.length } };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
