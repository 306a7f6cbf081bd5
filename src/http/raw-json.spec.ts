import { assert, jsonValue, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RawJson, stringifyRaw } from './raw-json.js';

describe('stringifyRaw', () => {
  it('writes each text verbatim, in its place', () => {
    const value = { a: new RawJson('{"n": 1.10}'), b: [new RawJson('1e400'), 2], at: new Date(0) };
    expect(stringifyRaw(value)).toBe('{"a":{"n": 1.10},"b":[1e400,2],"at":"1970-01-01T00:00:00.000Z"}');
  });

  it('is the only serializer of RawJson', () => {
    stringifyRaw({});
    expect(() => JSON.stringify({ a: new RawJson('1.0') })).toThrow('stringifyRaw');
  });

  it('equals JSON.stringify without RawJson', () => {
    assert(
      property(jsonValue(), (value) => {
        expect(stringifyRaw({ value })).toBe(JSON.stringify({ value }));
      }),
    );
  });
});
