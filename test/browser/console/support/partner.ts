import { DataSource } from 'typeorm';
import { inject } from 'vitest';
import type { Scope } from '../../../../src/auth/scopes.js';
import { ApiClient } from '../../../support/api.js';
import { createProject, createToken, type Queryable, type TestProject } from '../../../support/accounts.js';

export interface Partner {
  project: TestProject;
  token: string;
  api: ApiClient;
}

const ALL: readonly Scope[] = ['public-api:read', 'public-api:write', 'public-api:admin'];

/** A new project of the shared Reelport, with a token. */
export function newPartner(scopes: readonly Scope[] = ALL): Promise<Partner> {
  return withDatabase(async (database) => {
    const project = await createProject(database);
    const token = await createToken(database, project, scopes);
    return { project, token, api: new ApiClient(inject('reelport').url, token) };
  });
}

/** Another token of a project. */
export function tokenOf(project: TestProject, scopes: readonly Scope[]): Promise<string> {
  return withDatabase((database) => createToken(database, project, scopes));
}

/** Runs SQL on the database of the shared Reelport. */
export async function withDatabase<T>(use: (database: Queryable) => Promise<T>): Promise<T> {
  const database = new DataSource({ type: 'postgres', url: inject('reelport').databaseUrl });
  await database.initialize();
  try {
    return await use(database);
  } finally {
    await database.destroy();
  }
}
