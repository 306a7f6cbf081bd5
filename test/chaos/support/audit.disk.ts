import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { sha256Of } from './archive.js';
import type { ChaosInstallation } from './chaos-installation.js';

interface StoredFile {
  storageKey: string;
  sha256: string;
  size: number;
}

/** Files that videos refer to. */
function filesInUse(installation: ChaosInstallation): Promise<StoredFile[]> {
  return installation.query<StoredFile[]>(
    `SELECT DISTINCT asset.storage_key AS "storageKey", asset.sha256, asset.size::integer AS size
     FROM media video JOIN assets asset ON asset.id = video.asset_id`,
  );
}

/** Checks that the file of every video exists, byte by byte. */
export async function faultsOfFiles(installation: ChaosInstallation): Promise<string[]> {
  const faults: string[] = [];
  for (const { storageKey, sha256, size } of await filesInUse(installation)) {
    const bytes = await readIfThere(join(installation.dataDir, 'media', storageKey));
    if (bytes === null) faults.push(`${storageKey} is missing, but a video refers to it`);
    else if (bytes.length !== size) faults.push(`${storageKey} has ${bytes.length} bytes, not ${size}`);
    else if (sha256Of(bytes) !== sha256) faults.push(`${storageKey} is damaged`);
  }
  return faults;
}

/** Files and assets that no video refers to, and download files that no worker will resume. */
export async function orphans(installation: ChaosInstallation): Promise<string[]> {
  const { dataDir } = installation;
  const inUse = new Set((await filesInUse(installation)).map(({ storageKey }) => storageKey));
  const assets = await installation.query<Array<{ storage_key: string }>>('SELECT storage_key FROM assets');
  const stored = await filesBelow(join(dataDir, 'media'));
  const incoming = await filesBelow(join(dataDir, 'incoming'));
  return [
    ...stored.filter((key) => !inUse.has(key)).map((key) => `media/${key} is an orphan`),
    ...assets
      .filter(({ storage_key: key }) => !inUse.has(key))
      .map(({ storage_key: key }) => `Asset ${key} is an orphan`),
    ...incoming.map((name) => `incoming/${name} is a leftover download`),
  ];
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
