import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ApiClient } from '../support/api.js';
import { runNpm } from './support/run-npm.js';
import { TeamApp } from './support/team-app.js';

const folder = join(inject('installed'), 'house');

let app: TeamApp;
let api: ApiClient;

beforeAll(async () => {
  await runNpm(['run', 'build'], folder);
  app = await TeamApp.of(folder);
  await app.start();
  api = new ApiClient(app.url, await newToken('public-api:write', 'public-api:read', 'reports:read'));
});
afterAll(async () => {
  await app.stop();
});

function newToken(...scopes: readonly string[]): Promise<string> {
  const given = scopes.flatMap((scope) => ['--scope', scope]);
  return app.command('token', 'create', '--project', 'press', '--name', 'walk', ...given);
}

describe('the reports of the house', () => {
  it('are documented', async () => {
    const { body } = await api.call<{ paths: Record<string, object> }>('GET', '/docs-json');
    expect(body.paths).toHaveProperty(['/api/v1/reports', 'get', 'operationId'], 'listReports');
  });
});

it('The house ends at one SIGTERM', async () => {
  expect(await app.stop()).toBe(0);
});
