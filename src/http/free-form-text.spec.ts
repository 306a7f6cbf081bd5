import { describe, expect, it } from 'vitest';
import { ArrayOf } from './array-of.decorator.js';
import { exactTextOf, textOf } from './free-form-text.js';
import { jsonBodyParser } from './json-body.parser.js';
import { NO_LIMITS } from './testing/no-limits.js';
import { DtoValidationPipe } from './validation.pipe.js';
import { JsonObject } from './validators/json-object.js';

class EntryDto {
  @JsonObject({ maxBytes: 40 }) data: object;
}

class BatchDto {
  @JsonObject({ maxBytes: 40, optional: true }) context?: object;

  @ArrayOf(() => EntryDto, { max: 3 }) entries: EntryDto[];
}

async function read(text: string): Promise<BatchDto> {
  const body = await new Promise((resolve, reject) => {
    jsonBodyParser({ headers: {} }, Buffer.from(text), (error, value) =>
      error ? reject(error) : resolve(value),
    );
  });
  const dto: unknown = await new DtoValidationPipe(NO_LIMITS).transform(body, {
    type: 'body',
    metatype: BatchDto,
  });
  if (dto instanceof BatchDto) return dto;
  throw new Error('no batch');
}

describe('the text of a free-form object', () => {
  it('is the sent text if the object is in the body itself', async () => {
    const sent = String.raw`{ "b":"\u00fc", "1":1 }`;
    const { context } = await read(`\uFEFF {"entries":[{"data":{"context":1}}], "context" : ${sent} }`);
    expect(textOf(context ?? {})).toBe(sent);
    expect(exactTextOf(context ?? {})).toBeUndefined();
  });

  it('is the sent text if a number of its entry requires it', async () => {
    const { entries } = await read('{"entries":[{"data":{"a":1}},{"data":{"a": 1.0}} , {"data":{"a":2}}]}');
    expect(entries.map(({ data }) => exactTextOf(data))).toEqual([undefined, '{"a": 1.0}', undefined]);
  });

  it('is generated if no number of the body requires the sent text', async () => {
    const { entries } = await read('{"entries":[{"data":{ "a":"1.0" }}]}');
    expect(entries.map(({ data }) => textOf(data))).toEqual(['{"a":"1.0"}']);
  });

  it('has no white space if it would exceed the size limit with it', async () => {
    const { entries } = await read(`{"entries":[{"data":{"a": ${' '.repeat(40)} 1.0, "b": " "}}]}`);
    expect(entries.map(({ data }) => textOf(data))).toEqual(['{"a":1.0,"b":" "}']);
  });

  it('counts the digits as sent', async () => {
    await expect(read(`{"entries":[{"data":{"a":1.${'0'.repeat(32)}}}]}`)).resolves.toBeInstanceOf(BatchDto);
    await expect(read(`{"entries":[{"data":{"a":1.${'0'.repeat(33)}}}]}`)).rejects.toMatchObject({
      envelope: {
        error_details: { 'entries.0.data': 'Must be a JSON object of at most 40 bytes, not 41' },
      },
    });
  });
});
