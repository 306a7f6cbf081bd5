import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutboundClient } from '#libs/outbound-http';
import { startOrigin, type AnswerOptions, type Origin } from '../../testing/origin.js';
import { ItemFailure, type Failure } from '../failure.js';
import { Downloads } from './downloads.js';

const BYTES = Buffer.from('WEBVTT');
const OPTIONS = { maxBytes: BYTES.length };

let origin: Origin;
let client: OutboundClient;
let downloads: Downloads;

beforeAll(async () => {
  origin = await startOrigin();
  client = new OutboundClient({ trustedNetworks: ['127.0.0.0/8'] });
  downloads = new Downloads(client);
});
afterAll(async () => {
  await client?.close();
  await origin?.close();
});

function served(options: AnswerOptions, body = BYTES): string {
  const path = `/${Math.random()}`;
  origin.serve(path, body, options);
  return origin.url(path);
}

/** Downloads for an item of this host; by default that of the origin. */
function run(url: string, originHost = `127.0.0.1:${origin.port}`, signal = AbortSignal.any([])) {
  const allowed: unknown[] = [];
  const allow = (failure: ItemFailure): ItemFailure => {
    allowed.push(failure);
    return failure;
  };
  const about = { claimed: { originHost }, noun: 'caption', signal, allow };
  return { allowed, downloading: downloads.run(url, OPTIONS, about) };
}

/** The failure, which must be one that may pass. */
async function failureOf(url: string, originHost?: string): Promise<Failure> {
  const { allowed, downloading } = run(url, originHost);
  const failure: unknown = await downloading.then(
    () => null,
    (error: unknown) => error,
  );
  expect(allowed).toEqual([failure]);
  if (failure instanceof ItemFailure) return failure.failure;
  throw failure;
}

describe('a download of a plain kind', () => {
  it('returns bytes and headers', async () => {
    const { bytes, headers } = await run(served({ contentType: 'text/vtt' })).downloading;
    expect(Buffer.from(bytes).equals(BYTES)).toBe(true);
    expect(headers).toMatchObject({ 'content-type': 'text/vtt' });
  });

  it('follows redirects, and reads a body without a length', async () => {
    const target = served({ chunked: true });
    const { bytes } = await run(served({ redirectTo: target })).downloading;
    expect(Buffer.from(bytes).equals(BYTES)).toBe(true);
  });

  it.each<[what: string, url: () => string, failure: Partial<Failure>]>([
    [
      'a private address',
      () => 'http://10.0.0.1/a',
      {
        code: 'URL_BLOCKED',
        reason: expect.stringMatching(/^The URL of the caption is not allowed: /),
        retryable: false,
      },
    ],
    [
      'a redirect to a private address',
      () => served({ redirectTo: 'http://10.0.0.1/a' }),
      { code: 'URL_BLOCKED', retryable: false },
    ],
    ['an unreadable URL', () => 'captions', { code: 'URL_BLOCKED', retryable: false }],
    [
      'a missing file',
      () => origin.url('/missing'),
      {
        code: 'HTTP_STATUS',
        reason: 'Could not download the caption: the server answered 404',
        retryable: false,
        host: 'answered',
      },
    ],
    [
      'a busy server',
      () => served({ retryAfter: 7 }),
      { code: 'HTTP_STATUS', retryable: true, retryAfterMs: 7_000, host: 'busy' },
    ],
    [
      'a file above the limit',
      () => served({}, Buffer.from('WEBVTT!')),
      { code: 'TOO_LARGE', retryable: false, host: 'answered' },
    ],
    [
      'a body above the limit that declares no length',
      () => served({ chunked: true }, Buffer.from('WEBVTT!')),
      { code: 'TOO_LARGE' },
    ],
    ['a transfer that breaks', () => served({ cutAfterBytes: 2 }), { code: 'TRUNCATED', retryable: true }],
    [
      'a part of the file',
      () => served({ status: 206, ranges: false }),
      { code: 'TRUNCATED', retryable: true, host: 'answered' },
    ],
    [
      'a part of the file that a wrong status hides',
      () => served({ headers: { 'content-range': 'bytes 0-5/10' } }),
      { code: 'TRUNCATED' },
    ],
  ])('fails with a code for %s', async (_, url, failure) => {
    expect(await failureOf(url())).toMatchObject(failure);
  });

  it('says nothing about the host of the item if it asks another one', async () => {
    const failure = await failureOf(served({ retryAfter: 7 }), 'captions.example.com');
    expect(failure).toMatchObject({ code: 'HTTP_STATUS', retryAfterMs: 7_000 });
    expect(failure).not.toHaveProperty('host');
  });

  it('ends with the reason of its signal', async () => {
    const controller = new AbortController();
    const { allowed, downloading } = run(served({ hang: 'body' }), undefined, controller.signal);
    controller.abort(new Error('The import was cancelled'));
    await expect(downloading).rejects.toThrow('The import was cancelled');
    expect(allowed).toEqual([]);
  });

  it.each([undefined, 0, 1.5, Infinity])('needs a limit, not %s', async (maxBytes) => {
    const about = { noun: 'caption', claimed: { originHost: '' }, signal: AbortSignal.any([]) };
    const options = Object.assign({ ...OPTIONS }, { maxBytes });
    await expect(
      downloads.run(served({}), options, { ...about, allow: (failure) => failure }),
    ).rejects.toThrow(TypeError);
  });
});
