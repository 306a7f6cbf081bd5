import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CORE_SCHEMAS } from '../../src/http/core-schemas.js';
import {
  examplesOf,
  operationsOf,
  propertiesOf,
  referencesOf,
  resolve,
  validator,
  type OpenApi,
} from './openapi.reading.js';

const run = promisify(execFile);
const committed = readFileSync('test/contract/openapi.json', 'utf8');
const document: OpenApi = JSON.parse(committed);
const operations = operationsOf(document);
const properties = propertiesOf(document);
const examples = examplesOf(document);

describe('the OpenAPI document', () => {
  it('equals the committed file (npm run openapi), and needs no configuration', async () => {
    const { stdout } = await run(process.execPath, ['dist/test/contract/openapi.writer.js', '--stdout'], {
      env: { PATH: process.env['PATH'] },
      maxBuffer: 16 * 1024 * 1024,
    });
    expect(stdout).toBe(committed);
  });

  it('has no schema whose name a kind of an extension could take', () => {
    expect(Object.keys(document.components.schemas).toSorted()).toEqual(CORE_SCHEMAS);
  });

  it('is OpenAPI 3.1', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  it('has unique operation ids', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.length).toBeGreaterThan(10);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('uses exactly the tags that it describes', () => {
    const used = new Set(operations.flatMap(({ operation }) => operation.tags));
    expect([...used].sort()).toEqual(document.tags.map(({ name }) => name).sort());
  });

  it('contains only references that resolve', () => {
    const references = [...referencesOf(document)];
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) expect(() => resolve(document, reference)).not.toThrow();
  });
});

describe.each(operations)('$name', ({ operation }) => {
  it('has an id, a summary, a tag and a successful response', () => {
    expect(operation).toMatchObject({
      operationId: expect.stringMatching(/^[a-z][A-Za-z]+$/),
      summary: expect.stringMatching(/\S/),
      tags: [expect.stringMatching(/\S/)],
    });
    expect(Object.keys(operation.responses)).toContainEqual(expect.stringMatching(/^2\d\d$/));
  });

  it('describes its parameters', () => {
    const undescribed = (operation.parameters ?? []).filter(({ description = '' }) => description === '');
    expect(undescribed).toEqual([]);
  });

  it('lists 401 exactly if it requires a token, and 403 if that needs scopes', () => {
    const scopes = (operation.security ?? []).map((schemes) => Object.values(schemes).flat());
    const listed = Object.keys(operation.responses).filter((status) => status === '401' || status === '403');
    expect(listed).toEqual([
      ...(scopes.length > 0 ? ['401'] : []),
      ...(scopes.flat().length > 0 ? ['403'] : []),
    ]);
  });
});

describe('every property', () => {
  it('has a description, an example, or a reference', () => {
    const undescribed = properties.filter(({ property: { description, example, $ref, items } }) =>
      [description, example, $ref, items?.['$ref']].every((said) => said === undefined),
    );
    expect(undescribed.map(({ name }) => name)).toEqual([]);
  });
});

it('counters are non-negative integers', () => {
  const counts = ['ImportProgressDto', 'ImportOverviewDto'].flatMap((name) =>
    Object.values(document.components.schemas[name]?.properties ?? {}),
  );
  expect(counts).toHaveLength(9);
  for (const count of counts) expect(count).toMatchObject({ type: 'integer', minimum: 0 });
});

describe('the webhooks', () => {
  const webhooks = Object.entries(document.webhooks);

  it('are those that a batch can ask for', () => {
    const { webhookEvents } = document.components.schemas['ImportVideosDto']?.properties ?? {};
    expect(webhookEvents?.items?.['enum']).toEqual(webhooks.map(([name]) => name));
  });

  it.each(webhooks)('%s has a valid example, and says how it is signed', (_name, { post }) => {
    const { schema = {}, example } = post.requestBody?.content?.['application/json'] ?? {};
    expect(example).toBeDefined();
    expect(validator(document)(schema, example)).toEqual([]);
    expect(post.parameters?.map(({ name }) => name)).toEqual([
      'webhook-id',
      'webhook-timestamp',
      'webhook-signature',
      'x-livingdocs-signature',
    ]);
  });
});

it('shows the body of a failed readiness check', () => {
  const { responses } = document.paths['/health/ready']?.['get'] ?? {};
  expect(responses?.['503']?.content?.['application/json']).toMatchObject({
    example: { status: 503, error: 'Service Unavailable', error_details: { database: 'This is down' } },
  });
});

describe('the examples', () => {
  const validate = validator(document);

  it('exist for every form of a status', () => {
    const status = document.paths['/api/v1/import/videos/status']?.['get']?.responses['200'];
    expect(Object.keys(status?.content?.['application/json']?.examples ?? {})).toEqual([
      'running',
      'finished',
      'failed',
      'planned',
    ]);
  });

  it.each(examples)('of $name are valid', ({ schema, value }) => {
    expect(validate(schema, value)).toEqual([]);
  });

  it.each(properties.filter(({ property }) => property.example !== undefined))(
    'of $name are valid',
    ({ property }) => {
      expect(validate(property, property.example)).toEqual([]);
    },
  );
});
