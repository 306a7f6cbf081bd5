import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import {
  examplesOf,
  operationsOf,
  propertiesOf,
  referencesOf,
  resolve,
  type Json,
  type OpenApi,
} from './openapi.reading.js';

const run = promisify(execFile);
const committed = readFileSync('test/contract/openapi.json', 'utf8');
const document: OpenApi = JSON.parse(committed);
const operations = operationsOf(document);
const properties = propertiesOf(document);
const examples = examplesOf(document);

describe('the OpenAPI document', () => {
  it('is the one in git (npm run openapi), and needs no configuration to be made', async () => {
    const { stdout } = await run(process.execPath, ['dist/test/contract/openapi.writer.js', '--stdout'], {
      env: { PATH: process.env['PATH'] },
      maxBuffer: 16 * 1024 * 1024,
    });
    expect(stdout).toBe(committed);
  });

  it('is OpenAPI 3.1', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  it('names every operation once', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.length).toBeGreaterThan(10);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('uses the tags that it describes, and all of them', () => {
    const used = new Set(operations.flatMap(({ operation }) => operation.tags));
    expect([...used].sort()).toEqual(document.tags.map(({ name }) => name).sort());
  });

  it('refers to nothing that is not there', () => {
    const references = [...referencesOf(document)];
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) expect(() => resolve(document, reference)).not.toThrow();
  });
});

describe.each(operations)('$name', ({ operation }) => {
  it('says what it is and how it ends', () => {
    expect(operation).toMatchObject({
      operationId: expect.stringMatching(/^[a-z][A-Za-z]+$/),
      summary: expect.stringMatching(/\S/),
      tags: [expect.stringMatching(/\S/)],
    });
    expect(Object.keys(operation.responses)).toContainEqual(expect.stringMatching(/^2\d\d$/));
  });

  it('describes its parameters', () => {
    const mute = (operation.parameters ?? []).filter(({ description = '' }) => description === '');
    expect(mute).toEqual([]);
  });

  it('lists 401 and 403 if it asks for a token, and only then', () => {
    const asks = (operation.security ?? []).length > 0;
    const listed = Object.keys(operation.responses).filter((status) => status === '401' || status === '403');
    expect(listed).toEqual(asks ? ['401', '403'] : []);
  });
});

describe('every property', () => {
  it('is described, by words, an example, or what it refers to', () => {
    const mute = properties.filter(({ property: { description, example, $ref, items } }) =>
      [description, example, $ref, items?.['$ref']].every((said) => said === undefined),
    );
    expect(mute.map(({ name }) => name)).toEqual([]);
  });
});

it('counts in whole numbers', () => {
  const counts = ['ImportProgressDto', 'ImportOverviewDto'].flatMap((name) =>
    Object.values(document.components.schemas[name]?.properties ?? {}),
  );
  expect(counts).toHaveLength(9);
  for (const count of counts) expect(count).toMatchObject({ type: 'integer', minimum: 0 });
});

it('shows how readiness is denied', () => {
  const { responses } = document.paths['/health/ready']?.['get'] ?? {};
  expect(responses?.['503']?.content?.['application/json']).toMatchObject({
    example: { status: 503, error: 'Service Unavailable', error_details: { database: 'This is down' } },
  });
});

describe('the examples', () => {
  const validate = validator(document);

  it('are there for the three forms of a status', () => {
    const status = document.paths['/api/v1/import/videos/status']?.['get']?.responses['200'];
    expect(Object.keys(status?.content?.['application/json']?.examples ?? {})).toEqual([
      'running',
      'finished',
      'failed',
    ]);
  });

  it.each(examples)('of $name: it is valid', ({ schema, value }) => {
    expect(validate(schema, value)).toEqual([]);
  });

  it.each(properties.filter(({ property }) => property.example !== undefined))(
    'of $name: it is valid',
    ({ property }) => {
      expect(validate(property, property.example)).toEqual([]);
    },
  );
});

/** Holds values against schemas of the document; what it returns is what is wrong. */
function validator({ components }: OpenApi): (schema: Json, value: unknown) => unknown[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  return (schema, value) => {
    const validate = ajv.compile({ ...schema, components });
    return validate(value) ? [] : (validate.errors ?? []);
  };
}
