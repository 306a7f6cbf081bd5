import { assert, asyncProperty, constantFrom, json, nat, pre, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError, type ErrorEnvelope } from './api-error.js';
import { jsonBodyParser } from './json-body.parser.js';
import { describeJsonFault } from './json-fault.js';

function parse(body: string | Buffer, headers: Record<string, string> = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    jsonBodyParser({ headers }, Buffer.from(body), (error, value) => {
      if (error) reject(error);
      else resolve(value);
    });
  });
}

async function refusal(
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<ErrorEnvelope | undefined> {
  try {
    await parse(body, headers);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.envelope;
    throw error;
  }
}

function reachesPrototype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, inner]: [string, unknown]) =>
      key === '__proto__' ||
      (key === 'constructor' &&
        typeof inner === 'object' &&
        inner !== null &&
        Object.hasOwn(inner, 'prototype')) ||
      reachesPrototype(inner),
  );
}

function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

describe('a JSON body', () => {
  it('is parsed like JSON.parse, or refused if a key reaches a prototype', async () => {
    await assert(
      asyncProperty(json(), async (text) => {
        const value: unknown = JSON.parse(text);
        const outcome = (await refusal(text))?.status ?? (await parse(text));
        expect(outcome).toEqual(reachesPrototype(value) ? 400 : value);
      }),
      {
        examples: [
          ['{"":{"__proto__":false}}'],
          ['[{"constructor":{"prototype":1}}]'],
          ['{"constructor":1}'],
        ],
      },
    );
  });

  it.each(['', ' \n', '\uFEFF'])('that is empty counts as absent: %j', async (text) => {
    await expect(parse(text)).resolves.toBeUndefined();
  });

  it.each([
    ['{"a":1,"a":1}', 'a'],
    ['{"a":1,"b":{},"a":{}}', 'a'],
    [String.raw`{"a":1,"\u0061":2}`, 'a'],
    ['{"videos":[{"id":"1"},{"id":"1","metadata":{"x":{"y":1,"y":2}}}]}', 'videos.1.metadata.x.y'],
    ['{"":1,"":2}', 'body'],
    ['[{"a":[1,{"b":1,"b":1}]}]', '0.a.1.b'],
    ['{"1":1,"1":2}', '1'],
  ])('with a duplicate key in one object is refused: %s', async (text, path) => {
    const refused = await refusal(text);
    expect(refused?.status).toBe(400);
    expect(refused?.error_details).toEqual({ [path]: 'Duplicate key; send it only once per object' });
  });

  it.each(['{"a":{"a":1},"b":[{"a":1},{"a":2}]}', String.raw`{"a":"\"a\":1","b":":"}`, '{"A":1,"a":2}'])(
    'without duplicate keys is accepted: %s',
    async (text) => {
      await expect(parse(text)).resolves.toEqual(JSON.parse(text));
    },
  );

  it('may start with a byte order mark', async () => {
    await expect(parse('\uFEFF{"a":1}')).resolves.toEqual({ a: 1 });
  });

  it('may be 100 levels deep, but not 101', async () => {
    await expect(parse(nested(100))).resolves.toEqual(JSON.parse(nested(100)));
    expect((await refusal(nested(101)))?.error_details.body).toBe(
      'Must be nested at most 100 levels deep; exceeded at line 1, column 101 (offset 100)',
    );
  });

  it('may contain any number of brackets in strings', async () => {
    const text = JSON.stringify({ a: '['.repeat(200), b: '\\"[{'.repeat(200), c: '\\' });
    await expect(parse(text)).resolves.toEqual(JSON.parse(text));
  });

  it('of a large batch yields to other work between its parts', async () => {
    const videos = Array.from({ length: 100_000 }, (_, id) => ({ id: String(id), title: 'a '.repeat(20) }));
    let turns = 0;
    let running = true;
    const count = () => {
      turns += 1;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    await expect(parse(JSON.stringify(videos))).resolves.toEqual(videos);
    running = false;
    expect(turns).toBeGreaterThanOrEqual(2);
  });

  it('with a million brackets is refused without parsing', async () => {
    expect((await refusal('['.repeat(1_000_000)))?.status).toBe(400);
  });

  it.each([
    '{"__proto__":1}',
    String.raw`{"a":[{"\u005f_proto__":{"x":1}}]}`,
    '{"constructor":{"prototype":{"x":1}}}',
  ])('with a key that reaches a prototype is refused: %s', async (text) => {
    expect((await refusal(text))?.error_details.body).toBe(
      'Must not contain the keys "__proto__" and "constructor.prototype"',
    );
  });

  it.each(['{"constructor":"Renzo Piano"}', '{"title":"__proto__"}'])(
    'with harmless words is accepted: %s',
    async (text) => {
      await expect(parse(text)).resolves.toEqual(JSON.parse(text));
    },
  );

  it.each([
    [Buffer.from([0x22, 0xc3, 0x28, 0x22]), 1],
    [Buffer.from([0x22, 0xc3, 0xa4, 0xed, 0xa0, 0x80, 0x22]), 3],
    [Buffer.from([0x22, 0xf0, 0x9f]), 1],
    [Buffer.from('"ä"', 'latin1'), 1],
  ])('that is not UTF-8 is refused with the position of the first invalid byte', async (body, offset) => {
    expect((await refusal(body))?.error_details.body).toBe(`Must be UTF-8; invalid at byte ${offset}`);
  });

  it.each(['UTF-16', 'iso-8859-1', '"us-ascii"'])('in %s is refused', async (charset) => {
    const type = `application/json; charset=${charset}`;
    expect((await refusal('{}', { 'content-type': type }))?.status).toBe(415);
  });

  it.each(['utf-8', 'UTF8', '"utf-8"'])('in %s is accepted', async (charset) => {
    await expect(parse('{}', { 'content-type': `application/json;charset=${charset}` })).resolves.toEqual({});
  });
});

describe('the description of a JSON fault', () => {
  it.each([
    ['{"a":1,}', 'expected a property name in double quotes at line 1, column 8 (offset 7)'],
    ['{"a" 1}', 'expected a colon at line 1, column 6 (offset 5)'],
    ['[1 2]', 'expected a comma at line 1, column 4 (offset 3)'],
    ['{"a":\n\n  tru}', 'unexpected text outside double quotes at line 3, column 3 (offset 9)'],
    ['{"a":1', 'expected a closing brace at line 1, column 7 (offset 6)'],
    ['{} 1', 'expected the end of the text at line 1, column 4 (offset 3)'],
    ['{"a":"x', 'unterminated string at line 1, column 6 (offset 5)'],
    ['{"a":1.}', 'incomplete number at line 1, column 6 (offset 5)'],
    ['{"a":1} // note', 'comments are not allowed at line 1, column 9 (offset 8)'],
    [String.raw`{"a":"\x"}`, 'invalid escape sequence at line 1, column 6 (offset 5)'],
  ])('for %j is: %s', (text, fault) => {
    expect(describeJsonFault(text)).toBe(`Must be valid JSON: ${fault}`);
  });

  it('contains a position for all invalid JSON, and never quotes the text', () => {
    const marker = 'sEcReT';
    const noise = constantFrom(
      ',',
      '"',
      '{',
      '}',
      '[',
      ']',
      ':',
      '\\',
      '\n',
      '0',
      '-',
      '.',
      '/',
      '\u00a0',
      marker,
    );
    assert(
      property(json(), nat(), noise, nat(2), (good, position, inserted, removed) => {
        const at = position % (good.length + 1);
        const text = good.slice(0, at) + inserted + good.slice(at + removed);
        pre(!isJson(text));
        const sentence = describeJsonFault(text);
        expect(sentence).toMatch(/ at line \d+, column \d+ \(offset \d+\)$/);
        expect(sentence).not.toContain(marker);
      }),
      { numRuns: 2_000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // The caller only needs yes or no.
    return false;
  }
}
