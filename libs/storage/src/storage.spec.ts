import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startS3Endpoint, type S3Endpoint } from '../support/s3-endpoint.js';
import { makeScratch, type Scratch } from '../support/scratch.js';
import { createStorage } from './storage.factory.js';
import { storageContract } from './storage.contract.js';
import type { Storage } from './storage.js';

let scratch: Scratch;
let endpoint: S3Endpoint;
beforeAll(async () => {
  scratch = await makeScratch();
  endpoint = await startS3Endpoint('videos');
});
afterAll(async () => {
  await endpoint.close();
  await scratch.remove();
});

const s3 = (more: object) =>
  createStorage({
    type: 's3',
    bucket: 'videos',
    endpoint: endpoint.url,
    accessKeyId: 'someone',
    secretAccessKey: 'something',
    ...more,
  });

const KINDS: [string, () => Storage][] = [
  ['local disk', () => createStorage({ type: 'local', root: join(scratch.folder, 'durable') })],
  [
    'local disk, not durable',
    () => createStorage({ type: 'local', root: join(scratch.folder, 'fast'), durable: false }),
  ],
  ['S3', () => s3({})],
  ['S3 below a prefix', () => s3({ prefix: '/team/videos/' })],
  ['S3 without conditional writes', () => s3({ prefix: 'plain', conditionalWrites: false })],
];

describe.each(KINDS)('a storage (%s)', (_name, make) => {
  it.each(storageContract(make))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

it('A storage in S3 leaves no upload behind', () => {
  expect(endpoint.bucket.uploads.size).toBe(0);
});
