import { readFile, stat } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startS3Endpoint, type S3Endpoint } from '../support/s3-endpoint.js';
import type { S3Request } from '../support/s3-request.js';
import { makeScratch, type Scratch } from '../support/scratch.js';
import type { S3Timeouts } from './s3.client.js';
import { S3Storage } from './s3.storage.js';
import { partSizeOf } from './s3.upload.js';
import { newKey } from './storage.key.js';

const MIB = 1024 * 1024;
let scratch: Scratch;
let endpoint: S3Endpoint;
let storage: S3Storage;
beforeEach(async () => {
  scratch = await makeScratch();
  endpoint = await startS3Endpoint('videos');
  storage = open('videos');
});
afterEach(async () => {
  await endpoint.close();
  await scratch.remove();
});

function open(bucket: string, prefix?: string, timeouts?: Partial<S3Timeouts>): S3Storage {
  const credentials = { accessKeyId: 'someone', secretAccessKey: 'something' };
  return new S3Storage({
    bucket,
    endpoint: endpoint.url,
    ...credentials,
    ...(prefix !== undefined && { prefix }),
    ...(timeouts && { timeouts }),
  });
}

const partNumber = ({ method, query }: S3Request) => (method === 'PUT' ? query.get('partNumber') : null);

describe('S3Storage', () => {
  it('stores the media type, under the prefix', async () => {
    const key = newKey('mp4');
    const { path, bytes, meta } = await scratch.file(28 * 1024);
    await open('videos', 'a/b').put(key, path, meta);
    const object = endpoint.bucket.get(`a/b/${key}`);
    expect(object.contentType).toBe('video/mp4');
    expect(object.body.equals(bytes)).toBe(true);
    expect(endpoint.requests).toHaveLength(1);
  });

  it('uploads more than 5 MiB in parts with one checksum each', async () => {
    const key = newKey('mp4');
    const { path, bytes, meta } = await scratch.file(22 * MIB + 1);
    await storage.put(key, path, meta);
    const parts = endpoint.requests.filter(partNumber);
    expect(new Set(parts.map(partNumber))).toEqual(new Set(['1', '2', '3', '4', '5']));
    for (const { headers } of parts) expect(headers['x-amz-checksum-crc32']).toBeDefined();
    const object = endpoint.bucket.get(key);
    expect(object.contentType).toBe('video/mp4');
    expect(object.body.equals(bytes)).toBe(true);
    expect(endpoint.bucket.uploads.size).toBe(0);
  });

  it('uploads a file of exactly one part in one request', async () => {
    const { path, meta } = await scratch.file(5 * MIB);
    await storage.put(newKey('mp4'), path, meta);
    expect(endpoint.requests.map(({ method }) => method)).toEqual(['PUT']);
  });

  it('leaves no part behind when an upload is aborted', async () => {
    const abort = new AbortController();
    const reason = new Error('cancelled');
    endpoint.disturb = (request) => {
      if (partNumber(request) !== '2') return undefined;
      abort.abort(reason);
      return 'hang';
    };
    const { path, bytes, meta } = await scratch.file(40 * MIB);
    const key = newKey('mp4');
    await expect(storage.put(key, path, meta, abort.signal)).rejects.toBe(reason);
    expect(endpoint.bucket.uploads.size).toBe(0);
    expect(endpoint.bucket.objects.size).toBe(0);
    expect((await stat(path)).size).toBe(bytes.length);
  });

  it('stops the other parts and leaves none behind when one is refused', async () => {
    endpoint.disturb = (request) =>
      partNumber(request) === '1' ? { status: 403, code: 'AccessDenied' } : undefined;
    const { path, meta } = await scratch.file(200 * MIB);
    const refused = storage.put(newKey('mp4'), path, meta);
    await expect(refused).rejects.toMatchObject({ code: 'DENIED', temporary: false });
    expect(endpoint.bucket.uploads.size).toBe(0);
    expect(endpoint.requests.filter(partNumber).length).toBeLessThan(40);
    await expect(stat(path)).resolves.toBeDefined();
  });

  it('retries a part when the server is busy', async () => {
    let refusals = 0;
    endpoint.disturb = (request) =>
      partNumber(request) === '2' && refusals++ === 0 ? { status: 503, code: 'SlowDown' } : undefined;
    const key = newKey('mp4');
    const { path, bytes, meta } = await scratch.file(11 * MIB);
    await storage.put(key, path, meta);
    expect(refusals).toBe(2);
    expect(endpoint.bucket.get(key).body.equals(bytes)).toBe(true);
  });

  it('uploads many large files concurrently with bounded buffers', async () => {
    const files = await Promise.all(Array.from({ length: 6 }, () => scratch.file(23 * MIB)));
    const keys = files.map(() => newKey('mp4'));
    await Promise.all(files.map(({ path, meta }, i) => storage.put(keys[i], path, meta)));
    for (const [i, { bytes }] of files.entries()) {
      expect(endpoint.bucket.get(keys[i]).body.equals(bytes)).toBe(true);
    }
  });

  it.each([
    ['sends nothing', 'hang', { idleMs: 100 }],
    ['sends single bytes', 'trickle', { requestMs: 100 }],
  ] as const)('times out on a server that %s', async (_, disturbance, timeouts) => {
    endpoint.disturb = ({ method }) => (method === 'PUT' ? disturbance : undefined);
    const { path, bytes, meta } = await scratch.file(10);
    const hanging = open('videos', undefined, timeouts).put(newKey('mp4'), path, meta);
    await expect(hanging).rejects.toMatchObject({ code: 'UNAVAILABLE', temporary: true });
    expect(bytes.equals(await readFile(path))).toBe(true);
  });

  it('limits the clean-up time on a silent server', async () => {
    const abort = new AbortController();
    endpoint.disturb = ({ method, query }) => {
      if (query.has('partNumber')) abort.abort(new Error('The process ends'));
      return query.has('partNumber') || method === 'DELETE' ? 'hang' : undefined;
    };
    const { path, meta } = await scratch.file(11 * MIB);
    await expect(storage.put(newKey('mp4'), path, meta, abort.signal)).rejects.toThrow('The process ends');
    expect(endpoint.requests.at(-1)?.method).toBe('DELETE');
  });

  it('lists only its own objects, over several pages', async () => {
    const mine = open('videos', 'mine');
    const keys = Array.from({ length: 2_345 }, () => newKey('mp4', new Date('2019-11-21')));
    for (const key of keys) endpoint.bucket.put(`mine/${key}`, Buffer.from('x'), 'video/mp4', false);
    endpoint.bucket.put('mine/readme.txt', Buffer.from('x'), 'text/plain', false);
    endpoint.bucket.put(`other/${newKey('mp4')}`, Buffer.from('x'), 'video/mp4', false);
    const listed: string[] = [];
    for await (const { key } of mine.list('2019/11/21/')) listed.push(key);
    expect(listed.sort()).toEqual(keys.sort());
    expect(endpoint.requests).toHaveLength(3);
    for await (const { key } of mine.list()) expect(key).not.toContain('readme');
  });

  it('distinguishes configuration errors from outages', async () => {
    const { path, meta } = await scratch.file(10);
    const nowhere = open('no-such-bucket').put(newKey('mp4'), path, meta);
    await expect(nowhere).rejects.toMatchObject({ code: 'DENIED', temporary: false });
    endpoint.disturb = () => ({ status: 503, code: 'SlowDown' });
    const busy = storage.put(newKey('mp4'), path, meta);
    await expect(busy).rejects.toMatchObject({ code: 'UNAVAILABLE', temporary: true });
    await endpoint.close();
    const gone = storage.put(newKey('mp4'), path, meta);
    await expect(gone).rejects.toMatchObject({ code: 'UNAVAILABLE', temporary: true });
    await expect(gone).rejects.not.toThrow('127.0.0.1');
  });
});

describe('partSizeOf', () => {
  it('stays within 10,000 parts of at least 5 MiB', () => {
    expect(partSizeOf(1)).toBe(5 * MIB);
    expect(partSizeOf(50_000 * MIB)).toBe(5 * MIB);
    expect(partSizeOf(50_001 * MIB)).toBe(6 * MIB);
    expect((5_000_000 * MIB) / partSizeOf(5_000_000 * MIB)).toBeLessThanOrEqual(10_000);
  });
});
