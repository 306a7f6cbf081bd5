import { afterAll, beforeAll, expect, it } from 'vitest';
import { DownloadHarness } from './attempts.js';
import { fileNamed } from './versions.js';

const FILE = fileNamed('0 0', 400, 0);

/** Statuses that may change on their own. */
const TRANSIENT = new Set([202, 408, 421, 425, 429, 500, 502, 503, 504, 507, 511]);
/** Registered permanent statuses: the same request gets the same answer. */
const PERMANENT = new Set([501, 505, 506, 508, 510]);
/** Registered successes without the file. */
const NOT_THE_FILE = new Set([201, 204, 205, 207, 208, 226]);

let harness: DownloadHarness;

beforeAll(async () => {
  harness = await DownloadHarness.open();
});

afterAll(() => harness.close());

function expected(status: number): object {
  if (TRANSIENT.has(status)) return { failed: 'HTTP_STATUS', retryable: true };
  if (PERMANENT.has(status) || NOT_THE_FILE.has(status)) return { failed: 'HTTP_STATUS', retryable: false };
  // An unrequested part without a range.
  if (status === 206) return { failed: 'TRUNCATED', retryable: true };
  if (status < 300) return { stored: FILE };
  return { failed: 'HTTP_STATUS', retryable: status >= 500 };
}

const statuses = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

it.each([...statuses(200, 599), 600, 999])('%i is treated as RFC 9110 requires', async (status) => {
  const isEmpty = status === 204 || status === 205 || status === 304;
  const result = await harness.answerOnce({ status, ...(isEmpty ? {} : { body: FILE }) });
  expect(result).toMatchObject(expected(status));
});

it.each([203, 299])('%i without a body is an empty file', async (status) => {
  expect(await harness.answerOnce({ status })).toMatchObject({ failed: 'EMPTY', retryable: false });
});
