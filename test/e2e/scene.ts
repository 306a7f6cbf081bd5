import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiClient, type NewVideo } from '../support/api.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReelport, type Reelport, type TestProject } from '../support/reelport.js';

export const FIXTURES = join(import.meta.dirname, '../fixtures');

const SMALL_VIDEO = readFileSync(join(FIXTURES, 'h264-faststart.mp4'));

/** A project of its own, with a client. */
export interface Partner {
  project: TestProject;
  api: ApiClient;
}

/** A running Reelport and an archive to import from. */
export interface Scene {
  reelport: Reelport;
  origin: Origin;
  close(): Promise<void>;
}

/** A video as the library returns it. */
export interface LibraryVideo {
  id: string;
  version: number;
  externalId: string;
  title: string;
  metadata: object;
  asset: {
    url: string;
    mimeType: string;
    width: number;
    height: number;
    duration: number | null;
    size: number;
    sha256: string;
  };
}

export async function openScene(environment: Record<string, string> = {}): Promise<Scene> {
  const [origin, reelport] = await Promise.all([startOrigin(), startReelport(environment)]);
  return {
    reelport,
    origin,
    close: async () => {
      await reelport.remove();
      await origin.close();
    },
  };
}

export async function newPartner(reelport: Reelport): Promise<Partner> {
  const project = await reelport.createProject();
  return { project, api: new ApiClient(reelport.url, await reelport.createToken(project)) };
}

/** A small MP4 (320×180) with unique bytes: a box that players skip contains a random number. */
export function newMp4(): Buffer {
  const content = Buffer.from(randomUUID());
  const header = Buffer.from('\0\0\0\0free', 'latin1');
  header.writeUInt32BE(header.length + content.length);
  return Buffer.concat([SMALL_VIDEO, header, content]);
}

/** An entry of a batch, with defaults for the fields that a test does not care about. */
export function entry(id: string, url: string, more: Partial<NewVideo> = {}): NewVideo {
  return { id, url, fileName: `Title of ${id}`, metadata: {}, ...more };
}

export async function videoOf(api: ApiClient, mediaId: unknown): Promise<LibraryVideo> {
  const { status, body } = await api.call<LibraryVideo>('GET', `/api/v1/videos/${String(mediaId)}`);
  if (status !== 200) throw new Error(`The video was answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

export async function videosOf(api: ApiClient, systemName: string): Promise<LibraryVideo[]> {
  const { body } = await api.call<{ results: LibraryVideo[] }>(
    'GET',
    `/api/v1/videos?systemName=${encodeURIComponent(systemName)}&limit=500`,
  );
  return body.results;
}

/** The bytes that a client receives from the URL of a stored file. */
export async function bytesAt(url: unknown): Promise<Buffer> {
  const response = await fetch(String(url));
  if (response.status !== 200) throw new Error(`The file was answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

/** Number of files with exactly these bytes in the data folder, including downloads in flight. */
export async function copiesOnDisk({ dataDir }: Reelport, bytes: Buffer): Promise<number> {
  let copies = 0;
  for (const place of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
    if (!place.isFile()) continue;
    const file = await readFile(join(place.parentPath, place.name)).catch((error: NodeJS.ErrnoException) => {
      // Removed since it was listed.
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (file?.equals(bytes) === true) copies += 1;
  }
  return copies;
}
