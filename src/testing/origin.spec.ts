import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, get, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer as readAll } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startOrigin, type Origin } from './origin.js';

const VIDEO = randomBytes(300_000);
let origin: Origin;
beforeEach(async () => {
  origin = await startOrigin();
});
afterEach(() => origin.close());

async function fetchBytes(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(origin.url(path), { headers, redirect: 'manual' });
  return { response, status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
}

/** Receives a body, and reports its length and whether it was complete. */
function receive(path: string): Promise<{ bytes: number; whole: boolean; headers: object }> {
  return new Promise((resolve, reject) => {
    get(origin.url(path), { agent: false }, (response) => {
      let bytes = 0;
      response.on('data', (piece: Buffer) => (bytes += piece.length));
      // The error is the fault under test; 'close' follows.
      response.on('error', () => undefined);
      response.on('close', () => resolve({ bytes, whole: response.complete, headers: response.headers }));
    }).on('error', reject);
  });
}

describe('a served file', () => {
  it('is sent completely, with its validators', async () => {
    const lastModified = new Date('2019-11-21T10:00:00Z');
    origin.serve('/a.mp4', VIDEO, { lastModified, headers: { 'X-More': 'yes' } });
    const { response, bytes } = await fetchBytes('/a.mp4?any=query');
    expect(bytes.equals(VIDEO)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': '300000',
      'last-modified': 'Thu, 21 Nov 2019 10:00:00 GMT',
      'accept-ranges': 'bytes',
      'x-more': 'yes',
    });
    expect(response.headers.get('etag')).toMatch(/^"[\w-]{27}"$/);
    expect(origin.bytesSent('/a.mp4')).toBe(300_000);
  });

  it('can be on the disk', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'origin-'));
    try {
      const file = join(folder, 'a.mp4');
      await writeFile(file, VIDEO);
      origin.serve('/a.mp4', file);
      expect((await fetchBytes('/a.mp4')).bytes.equals(VIDEO)).toBe(true);
      const part = await fetchBytes('/a.mp4', { range: 'bytes=100000-' });
      expect(part.status).toBe(206);
      expect(part.bytes.equals(VIDEO.subarray(100_000))).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('can be generated for each path', async () => {
    origin.serve('/many/*', (path) => Buffer.from(path));
    origin.serve('/many/special', Buffer.from('special'));
    expect((await fetchBytes('/many/1/a')).bytes.toString()).toBe('/many/1/a');
    expect((await fetchBytes('/many/2')).bytes.toString()).toBe('/many/2');
    expect((await fetchBytes('/many/special')).bytes.toString()).toBe('special');
    expect((await fetchBytes('/other')).status).toBe(404);
  });

  it.each([
    ['bytes=0-0', 206, 'bytes 0-0/10', '0'],
    ['bytes=3-5', 206, 'bytes 3-5/10', '345'],
    ['bytes=8-', 206, 'bytes 8-9/10', '89'],
    ['bytes=8-99', 206, 'bytes 8-9/10', '89'],
    ['bytes=-3', 206, 'bytes 7-9/10', '789'],
    ['bytes=10-', 416, 'bytes */10', ''],
    ['bytes=0-1,3-4', 200, null, '0123456789'],
    ['lines=1-2', 200, null, '0123456789'],
  ])('answers the range %s with %i', async (range, status, contentRange, text) => {
    origin.serve('/a.mp4', Buffer.from('0123456789'));
    const got = await fetchBytes('/a.mp4', { range });
    expect(got.status).toBe(status);
    expect(got.response.headers.get('content-range')).toBe(contentRange);
    expect(got.bytes.toString()).toBe(text);
  });

  it('answers If-Range and If-None-Match by its etag', async () => {
    origin.serve('/a.mp4', VIDEO, { etag: '"one"' });
    const range = 'bytes=5-';
    expect((await fetchBytes('/a.mp4', { range, 'if-range': '"one"' })).status).toBe(206);
    expect((await fetchBytes('/a.mp4', { range, 'if-range': '"two"' })).status).toBe(200);
    expect((await fetchBytes('/a.mp4', { 'if-none-match': '"two", W/"one"' })).status).toBe(304);
    expect((await fetchBytes('/a.mp4', { 'if-none-match': '"two"' })).status).toBe(200);
  });

  it('answers If-Modified-Since by its date, and only without If-None-Match', async () => {
    origin.serve('/a.mp4', VIDEO, { lastModified: new Date('2019-11-21T10:00:00.500Z') });
    const since = { 'if-modified-since': 'Thu, 21 Nov 2019 10:00:00 GMT' };
    expect((await fetchBytes('/a.mp4', since)).status).toBe(304);
    expect(
      (await fetchBytes('/a.mp4', { 'if-modified-since': 'Thu, 21 Nov 2019 09:59:59 GMT' })).status,
    ).toBe(200);
    expect((await fetchBytes('/a.mp4', { ...since, 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('can ignore etags, ranges and conditions', async () => {
    origin.serve('/a.mp4', Buffer.from('0123456789'), { etag: false, ranges: false, conditional: false });
    const { status, response } = await fetchBytes('/a.mp4', { range: 'bytes=1-2', 'if-none-match': '*' });
    expect(status).toBe(200);
    expect(response.headers.has('etag')).toBe(false);
    expect(response.headers.has('accept-ranges')).toBe(false);
  });

  it('answers HEAD without a body', async () => {
    origin.serve('/a.mp4', VIDEO);
    const response = await fetch(origin.url('/a.mp4'), { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe('300000');
    expect(origin.bytesSent('/a.mp4')).toBe(0);
  });
});

describe('a script', () => {
  it('gives one answer after another and repeats the last one', async () => {
    origin.script('/a.mp4', [
      { retryAfter: 7 },
      { status: 429, retryAfter: new Date('2019-11-21T10:00:00Z') },
      { redirectTo: '/b.mp4', redirectStatus: 307 },
      { body: VIDEO },
    ]);
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push(await fetchBytes('/a.mp4'));
    expect(answers.map(({ status }) => status)).toEqual([503, 429, 307, 200, 200]);
    expect(answers[0].response.headers.get('retry-after')).toBe('7');
    expect(answers[1].response.headers.get('retry-after')).toBe('Thu, 21 Nov 2019 10:00:00 GMT');
    expect(answers[2].response.headers.get('location')).toBe('/b.mp4');
    expect(origin.requestsTo('/a.mp4').map(({ status }) => status)).toEqual([503, 429, 307, 200, 200]);
  });

  it('can match a single query', async () => {
    origin.serve('/a.mp4', Buffer.from('any'));
    origin.serve('/a.mp4?v=2', Buffer.from('two'));
    expect((await fetchBytes('/a.mp4?v=2')).bytes.toString()).toBe('two');
    expect((await fetchBytes('/a.mp4?v=3')).bytes.toString()).toBe('any');
    expect(origin.requestsTo('/a.mp4')).toHaveLength(2);
    expect(origin.requestsTo('/a.mp4?v=2')).toHaveLength(1);
  });
});

describe('faults', () => {
  it.each([0, 1, 64 * 1024, 250_001])('cuts the body after %i bytes', async (cutAfterBytes) => {
    origin.serve('/a.mp4', VIDEO, { cutAfterBytes });
    expect(await receive('/a.mp4')).toMatchObject({ bytes: cutAfterBytes, whole: false });
    expect(origin.bytesSent('/a.mp4')).toBe(cutAfterBytes);
  });

  it('cuts a chunked body', async () => {
    origin.serve('/a.mp4', VIDEO, { cutAfterBytes: 1_000, chunked: true });
    const { bytes, whole, headers } = await receive('/a.mp4');
    expect({ bytes, whole }).toEqual({ bytes: 1_000, whole: false });
    expect(headers).toMatchObject({ 'transfer-encoding': 'chunked' });
  });

  it('cuts a body and serves the remaining part afterwards', async () => {
    origin.script('/a.mp4', [{ body: VIDEO, cutAfterBytes: 1_000 }, { body: VIDEO }]);
    await receive('/a.mp4');
    const rest = await fetchBytes('/a.mp4', { range: 'bytes=1000-' });
    expect(rest.bytes.equals(VIDEO.subarray(1_000))).toBe(true);
  });

  it('declares more than it sends', async () => {
    origin.serve('/a.mp4', Buffer.from('short'), { lyingContentLength: 1_000 });
    expect(await receive('/a.mp4')).toMatchObject({ bytes: 5, whole: false });
  });

  it('declares less than it sends', async () => {
    origin.serve('/a.mp4', VIDEO, { lyingContentLength: 10 });
    const socket = connect(origin.port, '127.0.0.1');
    socket.write('GET /a.mp4 HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const answer = await readAll(socket);
    const body = answer.indexOf('\r\n\r\n') + 4;
    expect(answer.subarray(0, body).toString()).toContain('content-length: 10\r\n');
    expect(answer.subarray(body).equals(VIDEO)).toBe(true);
  });

  it('resets the connection', async () => {
    origin.serve('/a.mp4', VIDEO, { reset: true });
    await expect(receive('/a.mp4')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(origin.requests[0].status).toBe(0);
  });

  it('hangs before the headers until it is released', async () => {
    origin.serve('/a.mp4', VIDEO, { hang: 'headers' });
    const answer = receive('/a.mp4');
    expect((await origin.waitForRequest('/a.mp4')).status).toBeNull();
    expect(origin.release('/b.mp4')).toBe(0);
    expect(origin.release('/a.mp4')).toBe(1);
    expect(await answer).toMatchObject({ bytes: 300_000, whole: true });
  });

  it('hangs in the middle of the body until it is released', async () => {
    origin.serve('/a.mp4', VIDEO, { hang: 'body' });
    const received = await new Promise<Buffer>((resolve, reject) => {
      get(origin.url('/a.mp4'), { agent: false }, (response) => {
        const pieces: Buffer[] = [];
        let bytes = 0;
        response.on('data', (piece: Buffer) => {
          pieces.push(piece);
          bytes += piece.length;
          if (bytes !== 150_000) return;
          // Only a held answer can be released, and the origin may lag behind the client.
          setImmediate(function release() {
            if (origin.release() === 0) setImmediate(release);
          });
        });
        response.on('end', () => resolve(Buffer.concat(pieces)));
      }).on('error', reject);
    });
    expect(received.equals(VIDEO)).toBe(true);
  });

  it('closes while answers hang', async () => {
    origin.serve('/a.mp4', VIDEO, { hang: 'headers' });
    const answer = receive('/a.mp4');
    await origin.waitForRequest('/a.mp4');
    const [ended] = await Promise.allSettled([answer, origin.close()]);
    expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'ECONNRESET' } });
    origin = await startOrigin();
  });

  it('limits the speed', async () => {
    // The complete body would take eight hours.
    origin.serve('/a.mp4', VIDEO, { bytesPerSecond: 10 });
    const first = await new Promise<Buffer>((resolve, reject) => {
      get(origin.url('/a.mp4'), { agent: false }, (response) => {
        response.once('data', (piece: Buffer) => {
          resolve(piece);
          response.destroy();
        });
      }).on('error', reject);
    });
    expect(first.length).toBeLessThan(1_000);
    expect(origin.bytesSent('/a.mp4')).toBeLessThan(1_000);
  });

  it('counts only bytes that the client accepted', async () => {
    const large = Buffer.alloc(64 * 1024 * 1024);
    origin.serve('/a.mp4', large);
    await new Promise<void>((resolve, reject) => {
      const sent = request(origin.url('/a.mp4'), { agent: false }, (response) => {
        response.once('data', () => response.destroy());
        response.on('close', resolve);
        response.on('error', () => undefined);
      });
      sent.on('error', reject).end();
    });
    expect(origin.bytesSent('/a.mp4')).toBeLessThan(large.length / 2);
  });
});

describe('the request log', () => {
  it('resolves waits for earlier and later requests', async () => {
    origin.serve('/a.mp4', VIDEO);
    const second = origin.waitForRequest('/a.mp4', { count: 2 });
    await fetchBytes('/a.mp4', { 'x-number': 'one' });
    await fetchBytes('/b.mp4');
    await fetchBytes('/a.mp4', { 'x-number': 'two' });
    expect((await second).headers['x-number']).toBe('two');
    expect((await origin.waitForRequest('/a.mp4')).headers['x-number']).toBe('one');
    expect(origin.requests.map(({ path, status }) => `${path} ${status}`)).toEqual([
      '/a.mp4 200',
      '/b.mp4 404',
      '/a.mp4 200',
    ]);
  });

  it('names the missing request in a timeout', async () => {
    await fetchBytes('/b.mp4');
    await expect(origin.waitForRequest('/a.mp4', { timeoutMs: 1 })).rejects.toThrow(
      'A request for /a.mp4 did not arrive within 1 ms (0 of 1); last: GET /b.mp4',
    );
  });

  it('counts concurrent requests and connections', async () => {
    origin.serve('/a.mp4', VIDEO, { hang: 'headers' });
    const agent = new Agent({ keepAlive: true });
    const answers = [1, 2, 3].map(
      () =>
        new Promise<void>((resolve, reject) => {
          get(origin.url('/a.mp4'), { agent }, (response) => response.resume().on('end', resolve)).on(
            'error',
            reject,
          );
        }),
    );
    await origin.waitForRequest('/a.mp4', { count: 3 });
    expect(origin.openConnections).toBe(3);
    expect(origin.release()).toBe(3);
    await Promise.all(answers);
    expect(origin.peakInFlight).toBe(3);
    agent.destroy();
  });

  it('handles thousands of small requests', async () => {
    origin.serve('/small/*', Buffer.alloc(28 * 1024));
    for (let round = 0; round < 20; round++) {
      await Promise.all(Array.from({ length: 100 }, (_, i) => fetchBytes(`/small/${round}-${i}`)));
    }
    expect(origin.requests).toHaveLength(2_000);
    expect(origin.requests.every(({ status }) => status === 200)).toBe(true);
  });
});
