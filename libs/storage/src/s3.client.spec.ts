import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { makeScratch } from '../support/scratch.js';
import { StorageError, createStorage, newKey } from './index.js';

const loaded = vi.hoisted(() => ({ times: 0 }));
vi.mock('@aws-sdk/client-s3', async (original) => {
  loaded.times++;
  return original();
});

it('loads the SDK only for S3', async () => {
  const scratch = await makeScratch();
  try {
    const { path, meta } = await scratch.file(10);
    await createStorage({ type: 'local', root: join(scratch.folder, 'videos') }).put(
      newKey('mp4'),
      path,
      meta,
    );
    const s3 = createStorage({ type: 's3', bucket: 'videos', endpoint: 'http://127.0.0.1:1' });
    expect(loaded.times).toBe(0);
    await expect(s3.stat(newKey('mp4'))).rejects.toThrow(StorageError);
    expect(loaded.times).toBe(1);
  } finally {
    await scratch.remove();
  }
});
