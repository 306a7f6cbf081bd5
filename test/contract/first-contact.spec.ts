import { readFileSync } from 'node:fs';
import { Test } from '@nestjs/testing';
import { expect, describe, it } from 'vitest';
import { createAdapter } from '../../src/http/fastify-adapter.js';
import { openApiDocument } from '../../src/openapi/openapi.js';
import { operationsOf, type OpenApi } from './openapi.reading.js';

const document: OpenApi = JSON.parse(readFileSync('test/contract/openapi.json', 'utf8'));

async function serversOf(publicUrl?: string): Promise<string[]> {
  const module = await Test.createTestingModule({}).compile();
  const app = module.createNestApplication(createAdapter({ bodyLimit: 1_024, graceMs: 1_000 }));
  return openApiDocument(app, publicUrl).servers?.map(({ url }) => url) ?? [];
}

describe('Swagger UI for a new user', () => {
  it('starts with the import and its status', () => {
    expect(Object.keys(document.paths).slice(0, 2)).toEqual([
      '/api/v1/import/videos',
      '/api/v1/import/videos/status',
    ]);
    expect(document.tags[0]?.name).toBe('Import');
  });

  it('says which token to paste in which form, and which scopes it has', () => {
    const [, authorize = ''] = document.info.description.split('Press **Authorize** ');
    for (const words of [
      'with or without the prefix `Bearer`',
      '`npm start` prints a token with every scope for the project `demo`',
      'a link that signs in to this page',
      '`public-api:admin` (issue and revoke access tokens)',
    ])
      expect(authorize.replaceAll('\n', ' ')).toContain(words);
  });

  it('has no example for filters and cursors, because the lists would be empty', () => {
    const optional = operationsOf(document).flatMap(({ operation }) =>
      (operation.parameters ?? []).filter((parameter) => parameter.in === 'query' && !parameter.required),
    );
    expect(optional.length).toBeGreaterThan(10);
    for (const parameter of optional) {
      expect(parameter).not.toHaveProperty('example');
      expect(parameter).not.toHaveProperty('schema.example');
    }
  });

  it('links the id of an import to its status, items and report', () => {
    expect(document.paths['/api/v1/import/videos']).toHaveProperty(
      ['post', 'responses', '200', 'links'],
      Object.fromEntries(
        [
          ['status', 'getImportVideosStatus'],
          ['items', 'listImportItems'],
          ['report', 'getImportReport'],
        ].map(([name, operationId]) => [
          name,
          expect.objectContaining({ operationId, parameters: { id: '$response.body#/id' } }),
        ]),
      ),
    );
  });

  it('uses the public URL, or the URL of the page, including its path', async () => {
    expect(await serversOf('http://host/reelport')).toEqual(['http://host/reelport']);
    const [relative = ''] = await serversOf();
    for (const page of ['docs', 'docs-json', 'docs-yaml']) {
      const server = new URL(relative, `http://host/reelport/${page}`).href;
      expect(server).toBe('http://host/reelport/');
    }
  });
});
