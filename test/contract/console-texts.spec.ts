import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseEnvironment } from '../../src/config/parse-environment.js';
import { ENGINE_CODES } from '../../src/imports/failure.js';
import { STATUS_CURES } from '../../src/imports/failures/cures.js';
import { ITEM_WAITS } from '../../src/imports/item-detail/item-detail.dto.js';
import { WAITING_REASONS } from '../../src/imports/workers/waiting.repository.js';
import { mediaCodes } from '../../src/media/kinds/media-kind-routes.js';
import { videoKind } from '../../src/videos/video-kind.js';

type Sentences = Readonly<Record<string, string>>;
type Pairs = Readonly<Record<string, readonly [en: string, de: string]>>;

interface Texts {
  failures: { causes: Sentences; cures: Sentences; cureOfStatus: Sentences };
  trouble: { statuses: Pairs };
  waits: Pairs;
}

interface Document {
  paths: Record<string, Record<string, { responses?: Record<string, unknown> }>>;
}

// By a path that the compiler does not follow: the console is compiled for browsers.
const { texts }: { texts: Texts } = await import(pathToFileURL(resolve('libs/console/src/texts.ts')).href);

/** Statuses that the console has sentences of their own for, whatever the page. */
const ELSEWHERE = ['401', '403', '404', '503'];

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].toSorted();

const codes = Object.entries({ ...ENGINE_CODES, ...mediaCodes(videoKind(parseEnvironment()), {}) });

/** Sentences of codes that are none, or end with a full stop. */
const brokenIn = (sentences: Sentences): string[] =>
  Object.values(sentences).filter((sentence) => !/^\p{Lu}.*[^.]$/u.test(sentence));

/** Pairs in which a language is missing. */
const brokenPairs = (pairs: Pairs): string[] =>
  Object.keys(pairs).filter((name) => pairs[name]?.some((sentence) => !/^\p{Lu}.+/u.test(sentence)));

/** In English a failure brings its sentences along, so that the console repeats none of them. */
describe.each<[string, (texts: Texts) => Sentences, english: Sentences]>([
  [
    'cause of every failure code',
    ({ failures }) => failures.causes,
    Object.fromEntries(codes.map(([code, { sentence }]) => [code, sentence])),
  ],
  [
    'cure of every failure code',
    ({ failures }) => failures.cures,
    Object.fromEntries(codes.map(([code, { cure }]) => [code, cure])),
  ],
  ['cure of every HTTP status', ({ failures }) => failures.cureOfStatus, STATUS_CURES],
])('the %s', (_what, germanOf, english) => {
  it('is a sentence of the server in English', () => {
    expect(brokenIn(english)).toEqual([]);
  });

  it('is a sentence of the console in German', () => {
    const german = germanOf(texts);
    expect(sorted(Object.keys(german))).toEqual(sorted(Object.keys(english)));
    expect(brokenIn(german)).toEqual([]);
  });
});

describe('the console has a sentence in English and German for', () => {
  it('every reason for which items wait', () => {
    expect(sorted(Object.keys(texts.waits))).toEqual(sorted([...ITEM_WAITS, ...WAITING_REASONS]));
    expect(brokenPairs(texts.waits)).toEqual([]);
  });

  it('every status with which the API refuses requests', () => {
    const { paths }: Document = JSON.parse(readFileSync('test/contract/openapi.json', 'utf8'));
    const statuses = Object.values(paths)
      .flatMap((methods) => Object.values(methods))
      .flatMap(({ responses = {} }) => Object.keys(responses))
      .filter((status) => status >= '400' && !ELSEWHERE.includes(status));
    expect(sorted(Object.keys(texts.trouble.statuses))).toEqual(sorted(statuses));
    expect(brokenPairs(texts.trouble.statuses)).toEqual([]);
  });
});
