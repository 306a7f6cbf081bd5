import { randomUUID } from 'node:crypto';
import type { Scope } from '../../src/auth/scopes.js';
import { TokenSigner } from '../../src/auth/token-signer.js';
import { newWebhookSecret } from '../../src/projects/webhook-secrets.js';

/** Signing key of the tokens in tests. */
export const TOKEN_SECRET = 'a-secret-for-tests-that-is-long-enough';

export interface TestProject {
  id: number;
  name: string;
  webhookSecret: string;
}

/** Anything that runs SQL, such as a `DataSource`. */
export interface Queryable {
  query<Rows>(sql: string, parameters: unknown[]): Promise<Rows>;
}

export async function createProject(
  database: Queryable,
  name = `project-${randomUUID().slice(0, 8)}`,
): Promise<TestProject> {
  const secret = newWebhookSecret();
  const [row] = await database.query<Array<{ id: number }>>(
    'INSERT INTO projects (name, webhook_secrets) VALUES ($1, $2) RETURNING id',
    [name, JSON.stringify([secret])],
  );
  return { id: row.id, name, webhookSecret: secret.secret };
}

/** Sets the metadata schema of a project for a kind. */
export async function setMetadataSchema(
  database: Queryable,
  projectId: number,
  schema: object,
  kind = 'videos',
): Promise<void> {
  await database.query(
    'UPDATE projects SET metadata_schemas = metadata_schemas || jsonb_build_object($2::text, $3::jsonb) WHERE id = $1',
    [projectId, kind, JSON.stringify(schema)],
  );
}

/** Creates a token for an API with `TOKEN_SECRET`. */
export async function createToken(
  database: Queryable,
  project: TestProject,
  scopes: readonly Scope[] = ['public-api:write', 'public-api:read'],
  expiresInMs = 3_600_000,
): Promise<string> {
  const createdAt = new Date();
  const record = {
    id: randomUUID(),
    projectId: project.id,
    name: 'test',
    scopes: [...scopes],
    createdAt,
    expiresAt: new Date(createdAt.getTime() + expiresInMs),
    revokedAt: null,
    lastUsedAt: null,
  };
  await database.query(
    'INSERT INTO access_tokens (id, project_id, name, scopes, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)',
    [record.id, project.id, record.name, record.scopes, record.createdAt, record.expiresAt],
  );
  return new TokenSigner(TOKEN_SECRET).sign(record);
}
