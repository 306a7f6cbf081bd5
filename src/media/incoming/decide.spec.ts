import { describe, expect, it } from 'vitest';
import { decide, PLAIN, verdict, type Decision, type Held, type Question } from './decide.js';
import { versionOf } from './source-version.js';

const url = new URL('http://archive.example/a.mp4?signature=1');
const version = versionOf({ etag: '"v1"' });
const beginning: Held = { size: 40, total: 100, version, servedFrom: 'http://archive.example/a.mp4' };
const whole: Held = { ...beginning, size: 100 };
const endless: Held = { ...beginning, total: null };

const REST: Question = { from: 40, unlessSameAs: null };
const CHECK: Question = { from: 99, unlessSameAs: 'held' };
const LIBRARY: Question = { from: null, unlessSameAs: 'library' };
const AGAIN = { take: 'another answer' } as const;
const rest = { etag: '"v1"', 'content-range': 'bytes 40-99/100' };
const last = { etag: '"v1"', 'content-range': 'bytes 99-99/100' };

const decided = (question: Question, held: Held | null, status: number, headers = {}, at = url): Decision =>
  decide(question, held, { status, headers, url: at });

describe('a response to a request for the rest of a file', () => {
  it.each([
    ['the rest', beginning, rest],
    ['the rest with its length', beginning, { ...rest, 'content-length': '60' }],
    ['the rest of a file of known length', beginning, { ...rest, 'content-range': 'bytes 40-99/*' }],
    ['the rest of a file of unknown length', endless, rest],
  ])('continues the held file if it is %s', (_, held, headers) => {
    expect(decided(REST, held, 206, headers)).toEqual({ take: 'rest', from: 40, length: 60 });
  });

  it.each([
    ['no range', { etag: '"v1"' }],
    ['nonsense', { ...rest, 'content-range': 'bytes */100' }],
    ['another unit', { ...rest, 'content-range': 'lines 40-99/100' }],
    ['another beginning', { ...rest, 'content-range': 'bytes 39-99/100' }],
    ['another total', { ...rest, 'content-range': 'bytes 40-89/90' }],
    ['an impossible total', { ...rest, 'content-range': 'bytes 40-99/90' }],
    ['a part of the rest', { ...rest, 'content-range': 'bytes 40-59/100' }],
    ['another length', { ...rest, 'content-length': '59' }],
    ['several parts', { ...rest, 'content-type': 'Multipart/ByteRanges; boundary=x' }],
    ['another version', { ...rest, etag: '"v2"' }],
    ['a compression', { ...rest, 'content-encoding': 'gzip' }],
    ['no version', { 'content-range': 'bytes 40-99/100' }],
  ])('is not used if it has %s', (_, headers) => {
    expect(decided(REST, beginning, 206, headers)).toEqual(AGAIN);
  });

  it('is not used if the end of the file is unknown', () => {
    expect(decided(REST, endless, 206, { ...rest, 'content-range': 'bytes 40-99/*' })).toEqual(AGAIN);
  });

  it('is not used if it comes from another source, ignoring the query', () => {
    const signedAnew = new URL('http://archive.example/a.mp4?signature=2');
    const elsewhere = new URL('http://archive.example/b.mp4?signature=1');
    expect(decided(REST, beginning, 206, rest, signedAnew)).toMatchObject({ take: 'rest' });
    expect(decided(REST, beginning, 206, rest, elsewhere)).toEqual(AGAIN);
  });

  it.each([
    ['200', 200, { 'content-length': '90', etag: '"v2"' }, 90, 90],
    ['200 without a declared length', 200, { etag: '"v2"' }, null, null],
    ['200 without a declared length, of the same version', 200, { etag: '"v1"' }, 100, null],
    ['206 with the whole file', 206, { 'content-range': 'bytes 0-89/90' }, 90, 90],
    ['200 with the range of the whole file', 200, { 'content-range': 'bytes 0-89/90', etag: '"v2"' }, 90, 90],
  ])('is the whole file if it is a %s', (_, status, headers, length, total) => {
    expect(decided(REST, beginning, status, headers)).toEqual({ take: 'whole', length, total });
  });

  it('is not the whole file if it is a 200 with a range', () => {
    expect(decided(REST, beginning, 200, { ...rest, 'content-length': '60' })).toEqual(AGAIN);
    expect(decided(PLAIN, beginning, 200, rest)).toEqual({ take: 'failure', because: 'part' });
  });

  it.each([304, 400, 403, 412, 416, 501])('leads to a request without the range after a %i', (status) => {
    expect(decided(REST, beginning, status)).toEqual(AGAIN);
    expect(decided(PLAIN, beginning, status)).toEqual({ take: 'failure', because: 'status' });
  });

  it.each([404, 408, 410, 421, 425, 429, 500, 503, 530])('is a failure if it is a %i', (status) => {
    expect(decided(REST, beginning, status)).toEqual({ take: 'failure', because: 'status' });
  });
});

describe('a complete held file', () => {
  it.each([
    ['a 304', 304, {}],
    ['its last byte', 206, last],
    ['itself', 200, { etag: '"v1"', 'content-length': '100' }],
    ['itself, without a declared length', 200, { etag: '"v1"' }],
  ])('is used after %s', (_, status, headers) => {
    const { take } = decided(CHECK, whole, status, headers);
    expect(take).toBe(status === 206 ? 'rest' : 'held');
  });

  it('is used if a plain request returns it again', () => {
    expect(decided(PLAIN, whole, 200, { etag: '"v1"', 'content-length': '100' })).toEqual({ take: 'held' });
  });

  it.each([
    ['a 304 of another version', 304, { etag: '"v2"' }, AGAIN],
    [
      'another version',
      200,
      { etag: '"v2"', 'content-length': '100' },
      { take: 'whole', length: 100, total: 100 },
    ],
    [
      'another length',
      200,
      { etag: '"v1"', 'content-length': '90' },
      { take: 'whole', length: 90, total: 90 },
    ],
    ['no validator', 200, { 'content-length': '100' }, { take: 'whole', length: 100, total: 100 }],
  ])('is not used after %s', (_, status, headers, expected) => {
    expect(decided(CHECK, whole, status, headers)).toEqual(expected);
  });

  it('is not used if another source serves something else', () => {
    const elsewhere = new URL('http://archive.example/b.mp4');
    expect(decided(CHECK, whole, 304, {}, elsewhere)).toEqual(AGAIN);
    expect(decided(CHECK, whole, 200, { etag: '"v1"' }, elsewhere)).toMatchObject({ take: 'whole' });
  });

  it('is not used if it is only the beginning', () => {
    expect(decided(REST, beginning, 200, { etag: '"v1"', 'content-length': '100' })).toMatchObject({
      take: 'whole',
    });
  });
});

describe('a response to a request for a file that the library may have', () => {
  it('means no change only after a 304', () => {
    expect(decided(LIBRARY, null, 304)).toEqual({ take: 'nothing' });
    expect(decided(PLAIN, null, 304)).toEqual({ take: 'failure', because: 'status' });
  });

  it.each([400, 412])('leads to a request without the condition after a %i', (status) => {
    expect(decided(LIBRARY, null, status)).toEqual(AGAIN);
  });

  it('is not an unrequested part of the file', () => {
    expect(decided(LIBRARY, null, 206, rest)).toEqual(AGAIN);
    expect(decided(PLAIN, null, 206, rest)).toEqual({ take: 'failure', because: 'part' });
    expect(decided(PLAIN, null, 206, { 'content-range': 'bytes 0-99/*' })).toMatchObject({ because: 'part' });
  });
});

it.each([
  [10, 10, 'complete'],
  [10, 9, 'truncated'],
  [10, 11, 'overlong'],
  [null, 9, 'complete'],
] as const)('judges a body of %s bytes of which %i arrive as %s', (length, received, expected) => {
  expect(verdict(length, received)).toBe(expected);
});
