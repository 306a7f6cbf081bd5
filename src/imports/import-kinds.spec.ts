import { expect, it } from 'vitest';
import { defineExtension } from '../extension/define-extension.js';
import { defineKind, type PlainKindPart } from '../extension/define-kind.js';
import { Extensions } from '../extension/extensions.js';
import { integer, optional, text } from '../extension/shape.js';
import { ImportKinds } from './import-kinds.js';

const captions = defineKind({
  name: 'captions',
  noun: 'caption',
  item: {},
  result: {
    language: text({ description: 'Language', example: 'en' }),
    cues: optional(integer({ description: 'Cues', example: 3 })),
    secret: text({ description: 'Not shown', example: 'x', inStatus: false }),
  },
  report: ['language'],
  codes: {},
  processMs: 1_000,
  host: () => null,
  process: () => Promise.resolve({}),
  record: () => Promise.resolve([]),
});

function kindsOf(...kinds: PlainKindPart[]): ImportKinds {
  return new ImportKinds(new Extensions([defineExtension({ name: 'house', kinds })]));
}

it('knows the plain kinds of the extensions, without what only the library shows', () => {
  const { noun, result, report } = kindsOf(captions).named('captions');
  expect(noun).toBe('caption');
  expect(result?.map(({ name }) => name)).toEqual(['language', 'cues']);
  expect(report.map(({ name }) => name)).toEqual(['language']);
});

it('knows only the common fields of a kind that is gone', () => {
  expect(kindsOf().named('captions')).toMatchObject({ name: 'captions', result: null, report: [] });
});

const field = text({ description: 'd', example: 'e' });

it.each<[fault: string, change: Partial<PlainKindPart>]>([
  ['the result has no field langauge for the report', { report: ['langauge'] }],
  ['"title" is a field of every item', { noun: 'title' }],
  ['"overview" is a field of every status', { name: 'overview' }],
  ['"a b" must begin with a letter', { result: { 'a b': field }, report: [] }],
  ['the report has two columns "code"', { result: { code: field }, report: ['code'] }],
])('refuses at start: %s', (fault, change) => {
  expect(() => kindsOf({ ...captions, ...change })).toThrow(fault);
});

it('refuses a name that is taken', () => {
  expect(() => kindsOf(captions, captions)).toThrow('Import kind "captions" is already registered');
});
