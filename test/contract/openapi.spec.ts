import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { operationsOf, referencesOf, resolve, type Json, type OpenApi } from './openapi.reading.js';

const run = promisify(execFile);
let committed: string;
let document: OpenApi;

beforeAll(async () => {
  committed = await readFile('test/contract/openapi.json', 'utf8');
  document = JSON.parse(committed);
});

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

  it('says of every operation what it is', () => {
    const operations = operationsOf(document);
    expect(operations.length).toBeGreaterThan(0);
    for (const { name, operation } of operations) {
      expect(operation, name).toMatchObject({
        operationId: expect.stringMatching(/^[a-z][A-Za-z]+$/),
        summary: expect.stringMatching(/\S/),
        tags: [expect.stringMatching(/\S/)],
      });
      const statuses = Object.keys(operation.responses);
      expect(
        statuses.some((status) => status.startsWith('2')),
        name,
      ).toBe(true);
      for (const parameter of operation.parameters ?? []) {
        expect(parameter['description'], `${name}: ${String(parameter['name'])}`).toMatch(/\S/);
      }
    }
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('uses only tags that it describes', () => {
    const described = document.tags.map(({ name }) => name);
    const used = new Set(operationsOf(document).flatMap(({ operation }) => operation.tags));
    expect([...used].sort()).toEqual(described.sort());
  });

  it('lists 401 and 403 where a token is asked for, and only there', () => {
    for (const { name, operation } of operationsOf(document)) {
      const secured = (operation.security ?? []).length > 0;
      expect('401' in operation.responses && '403' in operation.responses, name).toBe(secured);
    }
  });

  it('describes every property, by words, an example, or what it refers to', () => {
    for (const [schema, { properties = {} }] of Object.entries(document.components.schemas)) {
      for (const [property, value] of Object.entries(properties)) {
        const said = ['description', 'example', '$ref'].some((key) => key in value);
        const items = value['items'];
        const refers = typeof items === 'object' && items !== null && '$ref' in items;
        expect(said || refers, `${schema}.${property}`).toBe(true);
      }
    }
  });

  it('refers to nothing that is not there', () => {
    const references = [...referencesOf(document)];
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) expect(() => resolve(document, reference)).not.toThrow();
  });
});

describe('the examples', () => {
  it('are there for the three forms of a status', () => {
    const status = document.paths['/api/v1/import/videos/status']?.['get']?.responses['200'];
    const examples = status?.content?.['application/json']?.examples;
    expect(Object.keys(examples ?? {})).toEqual(['running', 'finished', 'failed']);
  });

  it('of bodies are valid', () => {
    const validate = validator(document);
    let count = 0;
    for (const { name, operation } of operationsOf(document)) {
      const bodies = [operation.requestBody, ...Object.values(operation.responses)];
      for (const { schema, example, examples = {} } of bodies.flatMap((b) =>
        Object.values(b?.content ?? {}),
      )) {
        const values = Object.values(examples).map(({ value }) => value);
        for (const value of example === undefined ? values : [example, ...values]) {
          expect(validate(schema, value), name).toEqual([]);
          count++;
        }
      }
    }
    expect(count).toBeGreaterThan(10);
  });

  it('of properties are valid', () => {
    const validate = validator(document);
    for (const [schema, { properties = {} }] of Object.entries(document.components.schemas)) {
      for (const [property, value] of Object.entries(properties)) {
        if ('example' in value) {
          expect(validate(value, value['example']), `${schema}.${property}`).toEqual([]);
        }
      }
    }
  });
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
