import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../api-error.js';
import { NO_LIMITS } from '../testing/no-limits.js';
import { DtoValidationPipe } from '../validation.pipe.js';
import { ByteSize } from './byte-size.js';
import { Choice } from './choice.js';
import { DateTime } from './date-time.js';
import { Flag } from './flag.js';
import { HttpStatus } from './http-status.js';
import { HttpUri } from './http-uri.js';
import { JsonObject } from './json-object.js';
import { PageLimit } from './page-limit.js';
import { Sha256 } from './sha256.js';
import { TextList } from './text-list.js';
import { Text } from './text.js';

/** The sentence for a value of a field with this decorator; undefined if the value is valid. */
async function faultOf(decorator: PropertyDecorator, value: unknown): Promise<string | undefined> {
  class FieldDto {
    field: unknown;
  }
  decorator(FieldDto.prototype, 'field');
  const body = value === undefined ? {} : { field: value };
  const result: unknown = await new DtoValidationPipe(NO_LIMITS)
    .transform(body, { type: 'body', metatype: FieldDto })
    .catch((error: unknown) => error);
  if (result instanceof FieldDto) return undefined;
  if (result instanceof ApiError) return result.envelope.error_details['field'];
  throw result;
}

describe('Text', () => {
  const text = Text({ max: 5, noControl: true, notBlank: true });

  it.each(['a', 'abcde', ' a ', 'Grüße', '🎬🎬🎬🎬🎬', '日本語'])('accepts %j', async (value) => {
    expect(await faultOf(text, value)).toBeUndefined();
  });

  it.each([
    [undefined, 'Required: a string of 1 to 5 characters'],
    [null, 'Must be a string of 1 to 5 characters'],
    [5, 'Must be a string of 1 to 5 characters'],
    [['a'], 'Must be a string of 1 to 5 characters'],
    [{}, 'Must be a string of 1 to 5 characters'],
    ['', 'Must be a string of 1 to 5 characters, not 0'],
    ['abcdef', 'Must be a string of 1 to 5 characters, not 6'],
    ['🎬🎬🎬🎬🎬🎬', 'Must be a string of 1 to 5 characters, not 6'],
    ['a\nb', 'Must not contain control characters'],
    ['a\u0085', 'Must not contain control characters'],
    [' \u00a0 ', 'Must not be blank'],
    ['a\ud83c', 'Must be well-formed Unicode without unpaired surrogates'],
    ['\udfac\ud83c', 'Must be well-formed Unicode without unpaired surrogates'],
  ])('says about %j: %s', async (value, sentence) => {
    expect(await faultOf(text, value)).toBe(sentence);
  });

  it('accepts line breaks and blanks unless refused, and never U+0000', async () => {
    expect(await faultOf(Text({ max: 5 }), '\n ')).toBeUndefined();
    expect(await faultOf(Text({ max: 5 }), 'a\0')).toBe('Must not contain the character U+0000');
  });

  it('may be optional, but refuses null', async () => {
    const optional = Text({ max: 5, optional: true });
    expect(await faultOf(optional, undefined)).toBeUndefined();
    expect(await faultOf(optional, null)).toBe('Must be a string of 1 to 5 characters');
  });

  it('counts characters for the minimum, not surrogate halves', async () => {
    expect(await faultOf(Text({ min: 2, max: 5 }), '🎬')).toBe(
      'Must be a string of 2 to 5 characters, not 1',
    );
  });
});

describe('HttpUri', () => {
  const uri = HttpUri({ max: 60 });
  const COMPLETE = 'Must be a complete URL, such as https://example.com/file';
  const SCHEME = 'Must start with http:// or https://';
  const USER = 'Must not contain a user name or password';
  const VANISHING = 'Must not contain control characters or surrounding white space';

  it.each([
    'http://example.com',
    'HTTPS://EXAMPLE.COM/a.mp4',
    'https://example.com:8443/a?b=c@d#e@f',
    'http://[::1]/x',
    'https://example.com/my video.mp4',
    'https://bücher.example/ü.mp4',
    'https://example.com/@user',
  ])('accepts %s', async (value) => {
    expect(await faultOf(uri, value)).toBeUndefined();
  });

  it.each([
    [undefined, 'Required: an http or https URL of at most 60 characters'],
    [null, 'Must be an http or https URL of at most 60 characters'],
    [{}, 'Must be an http or https URL of at most 60 characters'],
    [
      `https://example.com/${'a'.repeat(41)}`,
      'Must be an http or https URL of at most 60 characters, not 61',
    ],
    ['', COMPLETE],
    ['example.com/a.mp4', COMPLETE],
    ['/a.mp4', COMPLETE],
    ['https://', COMPLETE],
    ['https://exa mple.com/', COMPLETE],
    ['https://example.com:99999/', COMPLETE],
    ['data:video/mp4;base64,AAAA', SCHEME],
    ['ftp://example.com/a.mp4', SCHEME],
    ['file:///etc/passwd', SCHEME],
    ['javascript:alert(1)', SCHEME],
    ['blob:https://example.com/x', SCHEME],
    ['https:example.com', SCHEME],
    [String.raw`https:\\example.com`, SCHEME],
    ['https://user:pw@example.com/', USER],
    ['https://user@example.com/', USER],
    ['https://@example.com/', USER],
    [' https://example.com/', VANISHING],
    ['https://example.com/\n', VANISHING],
    ['https://exa\tmple.com/', VANISHING],
    ['https://example.com/\ud800', 'Must be well-formed Unicode without unpaired surrogates'],
  ])('says about %j: %s', async (value, sentence) => {
    expect(await faultOf(uri, value)).toBe(sentence);
  });
});

function nested(levels: number): unknown {
  return levels === 1 ? {} : { a: nested(levels - 1) };
}

describe('JsonObject', () => {
  const object = JsonObject({ maxBytes: 40 });
  const UNSTORABLE = 'Must not contain U+0000 or unpaired surrogates';

  it.each([
    {},
    { a: [1, 'ä', null, true] },
    { a: String.raw`\u0000` },
    { a: String.raw`\\ud800` },
    { a: '🎬' },
  ])('accepts %j', async (value) => {
    expect(await faultOf(object, value)).toBeUndefined();
  });

  it.each([
    [undefined, 'Required: a JSON object of at most 40 bytes'],
    [null, 'Must be a JSON object of at most 40 bytes'],
    [[], 'Must be a JSON object of at most 40 bytes'],
    ['{}', 'Must be a JSON object of at most 40 bytes'],
    [{ a: 'x'.repeat(33) }, 'Must be a JSON object of at most 40 bytes, not 41'],
    [{ a: 'ä'.repeat(17) }, 'Must be a JSON object of at most 40 bytes, not 42'],
    [{ a: 'x\0' }, UNSTORABLE],
    [{ 'k\0': 1 }, UNSTORABLE],
    [{ a: ['\ud800'] }, UNSTORABLE],
    [{ a: '\\\0' }, UNSTORABLE],
  ])('says about %j: %s', async (value, sentence) => {
    expect(await faultOf(object, value)).toBe(sentence);
  });

  it('accepts objects up to its byte limit', async () => {
    expect(await faultOf(object, { a: 'x'.repeat(32) })).toBeUndefined();
  });

  it('accepts at most 64 levels', async () => {
    const large = JsonObject({ maxBytes: 10_000 });
    expect(await faultOf(large, nested(64))).toBeUndefined();
    expect(await faultOf(large, nested(65))).toBe('Must be nested at most 64 levels deep');
    expect(await faultOf(large, { a: JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown })).toBe(
      'Must be nested at most 64 levels deep',
    );
  });
});

describe('Choice', () => {
  const choice = Choice(['csv', 'ndjson']);

  it.each([
    ['csv', undefined],
    ['CSV', 'Must be "csv" or "ndjson"'],
    [['csv'], 'Must be "csv" or "ndjson"'],
    [undefined, 'Required: "csv" or "ndjson"'],
  ])('says about %j: %s', async (value, sentence) => {
    expect(await faultOf(choice, value)).toBe(sentence);
  });
});

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

describe('DateTime', () => {
  const time = DateTime({ maxDaysAhead: 30, description: '', example: '2020-01-02T02:00:00Z' });
  const WANTED = 'Must be a date-time with an offset, such as 2020-01-02T02:00:00Z';

  it.each([
    [undefined, undefined],
    ['2020-01-02T02:00:00Z', undefined],
    ['2024-02-29T23:59:59.123456+02:00', undefined],
    [inDays(29), undefined],
    [inDays(31), 'Must be at most 30 days ahead'],
    ['2023-02-29T00:00:00Z', WANTED],
    ['2020-01-02T24:00:00Z', WANTED],
    ['2020-01-02T02:00:60Z', WANTED],
    ['2020-01-02T02:00:00', WANTED],
    ['2020-01-02', WANTED],
    ['tomorrow', WANTED],
    [1_577_930_400_000, WANTED],
    [null, WANTED],
  ])('says about %j: %s', async (value, sentence) => {
    expect(await faultOf(time, value)).toBe(sentence);
  });
});

describe('TextList', () => {
  const list = TextList({ max: 2, maxLength: 3 });
  const WANTED = 'Must be an array of 1 to 2 strings of 1 to 3 characters';

  it.each([
    [undefined, undefined],
    [['a', '🎬🎬🎬'], undefined],
    [[], WANTED],
    [['a', 'b', 'c'], WANTED],
    [['abcd'], WANTED],
    [[''], WANTED],
    [[1], WANTED],
    [['a\0'], WANTED],
    ['a', WANTED],
  ])('says about %j: %s', async (value, sentence) => {
    expect(await faultOf(list, value)).toBe(sentence);
  });
});

describe('Flag', () => {
  it.each([
    [undefined, undefined],
    [true, undefined],
    [false, undefined],
    ['true', 'Must be true or false'],
    [null, 'Must be true or false'],
  ])('says about %j: %s', async (value, sentence) => {
    expect(await faultOf(Flag({ description: '' }), value)).toBe(sentence);
  });
});

describe('HttpStatus', () => {
  const sentence = 'Must be an integer from 100 to 999, or "none"';

  it.each([undefined, 100, 999, 'none'])('accepts %j', async (value) => {
    expect(await faultOf(HttpStatus({ description: '' }), value)).toBeUndefined();
  });

  it.each([99, 1_000, 404.5, '404', null, true])('rejects %j', async (value) => {
    expect(await faultOf(HttpStatus({ description: '' }), value)).toBe(sentence);
  });

  it('reads text in a query string', async () => {
    for (const value of ['404', 'none'])
      expect(await faultOf(HttpStatus({ description: '', isQuery: true }), value)).toBeUndefined();
    for (const value of ['0x194', '4e2', ' 404', ''])
      expect(await faultOf(HttpStatus({ description: '', isQuery: true }), value)).toBe(sentence);
  });
});

describe('PageLimit', () => {
  it.each([
    [undefined, undefined],
    ['1', undefined],
    [20, undefined],
    ['21', 'Must be an integer from 1 to 20'],
    ['-1', 'Must be an integer from 1 to 20'],
    ['1.5', 'Must be an integer from 1 to 20'],
    [' 5', 'Must be an integer from 1 to 20'],
    [null, 'Must be an integer from 1 to 20'],
    [true, 'Must be an integer from 1 to 20'],
  ])('says about %j: %s', async (value, sentence) => {
    expect(await faultOf(PageLimit({ max: 20 }), value)).toBe(sentence);
  });
});

describe('Sha256', () => {
  const sentence = 'Must be 64 hexadecimal digits';

  it.each(['0123456789abcdef'.repeat(4), '0123456789ABCDEF'.repeat(4)])('accepts %s', async (value) => {
    expect(await faultOf(Sha256(), value)).toBeUndefined();
  });

  it.each([
    '',
    'a'.repeat(63),
    'a'.repeat(65),
    `${'a'.repeat(63)}g`,
    `${'a'.repeat(64)}\n`,
    5,
    null,
    ['a'.repeat(64)],
  ])('refuses %j', async (value) => {
    expect(await faultOf(Sha256({ optional: true }), value)).toBe(sentence);
  });

  it('may be optional', async () => {
    expect(await faultOf(Sha256({ optional: true }), undefined)).toBeUndefined();
    expect(await faultOf(Sha256(), undefined)).toBe('Required: 64 hexadecimal digits');
  });
});

describe('ByteSize', () => {
  it.each([1, 28_672, Number.MAX_SAFE_INTEGER])('accepts %d', async (value) => {
    expect(await faultOf(ByteSize(), value)).toBeUndefined();
  });

  it.each([0, -1, 1.5, Number.MAX_SAFE_INTEGER + 1, '28672', null, [1]])('refuses %j', async (value) => {
    expect(await faultOf(ByteSize({ optional: true }), value)).toBe(
      'Must be an integer from 1 to 9007199254740991',
    );
  });
});
