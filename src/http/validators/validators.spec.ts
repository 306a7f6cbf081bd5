import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../api-error.js';
import { DtoValidationPipe } from '../validation.pipe.js';
import { Choice } from './choice.js';
import { HttpUri } from './http-uri.js';
import { JsonObject } from './json-object.js';
import { PageLimit } from './page-limit.js';
import { Text } from './text.js';

/** What a field with this decorator is told about a value; undefined where it passes. */
async function faultOf(decorator: PropertyDecorator, value: unknown): Promise<string | undefined> {
  class FieldDto {
    field: unknown;
  }
  decorator(FieldDto.prototype, 'field');
  const body = value === undefined ? {} : { field: value };
  const result: unknown = await new DtoValidationPipe()
    .transform(body, { type: 'body', metatype: FieldDto })
    .catch((error: unknown) => error);
  if (result instanceof FieldDto) return undefined;
  if (result instanceof ApiError) return result.envelope.error_details['field'];
  throw result;
}

describe('Text', () => {
  const text = Text({ max: 5, noControl: true, notBlank: true });

  it.each(['a', 'abcde', ' a ', 'Grüße', '🎬🎬🎬🎬🎬', '日本語'])('takes %j', async (value) => {
    expect(await faultOf(text, value)).toBeUndefined();
  });

  it.each([
    [undefined, 'This is required: a string of 1 to 5 characters'],
    [null, 'This must be a string of 1 to 5 characters'],
    [5, 'This must be a string of 1 to 5 characters'],
    [['a'], 'This must be a string of 1 to 5 characters'],
    [{}, 'This must be a string of 1 to 5 characters'],
    ['', 'This must be a string of 1 to 5 characters, not 0'],
    ['abcdef', 'This must be a string of 1 to 5 characters, not 6'],
    ['🎬🎬🎬🎬🎬🎬', 'This must be a string of 1 to 5 characters, not 6'],
    ['a\nb', 'This must not contain control characters'],
    ['a\u0085', 'This must not contain control characters'],
    [' \u00a0 ', 'This must not be blank'],
    ['a\ud83c', 'This must be well-formed Unicode, without half of a surrogate pair'],
    ['\udfac\ud83c', 'This must be well-formed Unicode, without half of a surrogate pair'],
  ])('%j: %s', async (value, sentence) => {
    expect(await faultOf(text, value)).toBe(sentence);
  });

  it('takes line breaks and blanks where they are not refused, and never U+0000', async () => {
    expect(await faultOf(Text({ max: 5 }), '\n ')).toBeUndefined();
    expect(await faultOf(Text({ max: 5 }), 'a\0')).toBe('This must not contain the character U+0000');
  });

  it('may be optional, which does not mean null', async () => {
    const optional = Text({ max: 5, optional: true });
    expect(await faultOf(optional, undefined)).toBeUndefined();
    expect(await faultOf(optional, null)).toBe('This must be a string of 1 to 5 characters');
  });

  it('counts at least so many characters, not halves', async () => {
    expect(await faultOf(Text({ min: 2, max: 5 }), '🎬')).toBe(
      'This must be a string of 2 to 5 characters, not 1',
    );
  });
});

describe('HttpUri', () => {
  const uri = HttpUri({ max: 60 });
  const COMPLETE = 'This must be a complete URL, such as https://example.com/video.mp4';
  const SCHEME = 'This must be a URL that begins with http:// or https://';
  const USER = 'This must be a URL without a user name or password in it';
  const VANISHING = 'This must be a URL without control characters and without white space around it';

  it.each([
    'http://example.com',
    'HTTPS://EXAMPLE.COM/a.mp4',
    'https://example.com:8443/a?b=c@d#e@f',
    'http://[::1]/x',
    'https://example.com/my video.mp4',
    'https://bücher.example/ü.mp4',
    'https://example.com/@user',
  ])('takes %s', async (value) => {
    expect(await faultOf(uri, value)).toBeUndefined();
  });

  it.each([
    [undefined, 'This is required: an http or https URL of at most 60 characters'],
    [null, 'This must be an http or https URL of at most 60 characters'],
    [{}, 'This must be an http or https URL of at most 60 characters'],
    [
      `https://example.com/${'a'.repeat(41)}`,
      'This must be an http or https URL of at most 60 characters, not 61',
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
    ['https://example.com/\ud800', 'This must be well-formed Unicode, without half of a surrogate pair'],
  ])('%j: %s', async (value, sentence) => {
    expect(await faultOf(uri, value)).toBe(sentence);
  });
});

function nested(levels: number): unknown {
  return levels === 1 ? {} : { a: nested(levels - 1) };
}

describe('JsonObject', () => {
  const object = JsonObject({ maxBytes: 40 });
  const UNSTORABLE = 'This must not contain the character U+0000 or half of a surrogate pair';

  it.each([
    {},
    { a: [1, 'ä', null, true] },
    { a: String.raw`\u0000` },
    { a: String.raw`\\ud800` },
    { a: '🎬' },
  ])('takes %j', async (value) => {
    expect(await faultOf(object, value)).toBeUndefined();
  });

  it.each([
    [undefined, 'This is required: a JSON object of at most 40 bytes'],
    [null, 'This must be a JSON object of at most 40 bytes'],
    [[], 'This must be a JSON object of at most 40 bytes'],
    ['{}', 'This must be a JSON object of at most 40 bytes'],
    [{ a: 'x'.repeat(33) }, 'This must be a JSON object of at most 40 bytes, not 41'],
    [{ a: 'ä'.repeat(17) }, 'This must be a JSON object of at most 40 bytes, not 42'],
    [{ a: 'x\0' }, UNSTORABLE],
    [{ 'k\0': 1 }, UNSTORABLE],
    [{ a: ['\ud800'] }, UNSTORABLE],
    [{ a: '\\\0' }, UNSTORABLE],
  ])('%j: %s', async (value, sentence) => {
    expect(await faultOf(object, value)).toBe(sentence);
  });

  it('takes as many bytes as it says', async () => {
    expect(await faultOf(object, { a: 'x'.repeat(32) })).toBeUndefined();
  });

  it('is 64 levels deep at most', async () => {
    const large = JsonObject({ maxBytes: 10_000 });
    expect(await faultOf(large, nested(64))).toBeUndefined();
    expect(await faultOf(large, nested(65))).toBe('This must be nested no deeper than 64 levels');
    expect(await faultOf(large, { a: JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown })).toBe(
      'This must be nested no deeper than 64 levels',
    );
  });
});

describe('Choice', () => {
  const choice = Choice(['csv', 'ndjson']);

  it.each([
    ['csv', undefined],
    ['CSV', 'This must be "csv" or "ndjson"'],
    [['csv'], 'This must be "csv" or "ndjson"'],
    [undefined, 'This is required: "csv" or "ndjson"'],
  ])('%j: %s', async (value, sentence) => {
    expect(await faultOf(choice, value)).toBe(sentence);
  });
});

describe('PageLimit', () => {
  it.each([
    [undefined, undefined],
    ['1', undefined],
    [20, undefined],
    ['21', 'This must be a whole number from 1 to 20'],
    ['-1', 'This must be a whole number from 1 to 20'],
    ['1.5', 'This must be a whole number from 1 to 20'],
    [' 5', 'This must be a whole number from 1 to 20'],
    [null, 'This must be a whole number from 1 to 20'],
    [true, 'This must be a whole number from 1 to 20'],
  ])('%j: %s', async (value, sentence) => {
    expect(await faultOf(PageLimit({ max: 20 }), value)).toBe(sentence);
  });
});
