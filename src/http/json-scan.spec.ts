import { assert, constantFrom, dictionary, jsonValue, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  elementStarts,
  endOfValue,
  memberStarts,
  numbersOf,
  replaceNumbers,
  withoutSpace,
} from './json-scan.js';

/** Indentations of JSON. */
const indent = constantFrom('', ' ', '\t', '\n');
const objects = dictionary(string({ unit: 'binary' }), jsonValue());

describe('memberStarts', () => {
  it('finds the members that JSON.parse finds', () => {
    assert(
      property(objects, indent, (object, space) => {
        const text = JSON.stringify(object, null, space);
        const found = memberStarts(text, 0, new Set(Object.keys(object)));
        const values = [...found].map(([key, start]) => [
          key,
          JSON.parse(text.slice(start, endOfValue(text, start))),
        ]);
        // JSON.parse of the text, because JSON.stringify writes -0 as 0.
        expect(Object.fromEntries(values)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('decodes escapes in keys and ignores members of nested objects', () => {
    const text = String.raw` {"x":{"a":1,"b":"\"b\":2"} , "\u0061" : [3] }`;
    const found = memberStarts(text, 1, new Set(['a', 'b']));
    expect([...found]).toEqual([['a', text.indexOf('[')]]);
  });
});

describe('elementStarts', () => {
  it('finds the elements that JSON.parse finds', () => {
    assert(
      property(jsonValue(), jsonValue(), indent, (first, second, space) => {
        const array = [first, second, [], first];
        const text = JSON.stringify(array, null, space);
        const elements = [...elementStarts(text, 0)].map((start): unknown =>
          JSON.parse(text.slice(start, endOfValue(text, start))),
        );
        expect(elements).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each(['[]', '[ ]', '[\n]'])('finds none in %j', (text) => {
    expect([...elementStarts(text, 0)]).toEqual([]);
  });
});

describe('numbersOf', () => {
  it('finds numbers as spelled, and none in strings', () => {
    const text = String.raw`{"1": -0, "a\"2":[1.10,3E+5],"b":"-4","c":{"d":12345678901234567890}}`;
    expect([...numbersOf(text)]).toEqual(['-0', '1.10', '3E+5', '12345678901234567890']);
  });
});

describe('replaceNumbers', () => {
  it('replaces numbers outside of strings', () => {
    const text = String.raw`{"1": -0, "a\"2":[1.10,true,null],"b":"-4\\","c":3E+5}`;
    expect(replaceNumbers(text, (token) => `<${token}>`)).toBe(
      String.raw`{"1": <-0>, "a\"2":[<1.10>,true,null],"b":"-4\\","c":<3E+5>}`,
    );
  });

  it('changes nothing if each number is replaced by itself', () => {
    assert(
      property(jsonValue(), indent, (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(replaceNumbers(text, (token) => token)).toBe(text);
      }),
    );
  });
});

describe('withoutSpace', () => {
  it('equals the output of JSON.stringify without indentation', () => {
    assert(
      property(jsonValue(), indent, (value, space) => {
        expect(withoutSpace(JSON.stringify(value, null, space))).toBe(JSON.stringify(value));
      }),
    );
  });
});
