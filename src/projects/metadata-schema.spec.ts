import { describe, expect, it } from 'vitest';
import { schemaFault } from './metadata-schema.js';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

describe('schemaFault', () => {
  it.each([
    {},
    { type: 'object', required: ['title'], properties: { title: { type: 'string', minLength: 1 } } },
    { $schema: DIALECT, $id: 'https://example.com/video.json', type: 'object' },
    { $schema: `${DIALECT}#` },
    { $defs: { day: { type: 'string', format: 'date' } }, properties: { day: { $ref: '#/$defs/day' } } },
    {
      properties: { tags: { prefixItems: [{ type: 'string' }], items: false } },
      unevaluatedProperties: false,
    },
    { 'x-note': 'an unknown annotation', properties: { a: { format: 'unheard-of' } } },
  ])('accepts %j', (schema) => {
    expect(schemaFault(schema)).toBeUndefined();
  });

  it.each([
    [{ type: 'objekt' }, /type/],
    [{ properties: [] }, /properties/],
    [{ required: 'title' }, /required/],
    [{ properties: { a: { pattern: '(' } } }, /\(/],
    [{ properties: { a: { $ref: '#/$defs/missing' } } }, /missing/],
    [{ $ref: 'https://example.com/elsewhere.json' }, /elsewhere/],
    [{ $schema: 'http://json-schema.org/draft-07/schema#' }, /2020-12/],
    [{ $async: true, type: 'object' }, /\$async/],
  ])('refuses %j and names the fault', (schema, sentence) => {
    expect(schemaFault(schema)).toMatch(sentence);
  });
});
