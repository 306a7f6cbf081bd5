import type { INestApplicationContext } from '@nestjs/common';
import type { AccessToken } from '../auth/access-token.entity.js';
import { AccessTokensService } from '../auth/access-tokens.service.js';
import type { Scope } from '../auth/scopes.js';
import { ProjectsService } from '../projects/projects.service.js';
import type { Installation } from './installation.js';
import { print } from './output.js';
import { withApplication } from './with-application.js';

interface Creation {
  project: string;
  name: string;
  scope: Scope[];
  /** Milliseconds. */
  expires: number;
}

interface Target {
  project?: string;
}

export function create(
  installation: Installation,
  { project, name, scope, expires }: Creation,
): Promise<void> {
  return withApplication(installation, async (app) => {
    const { id: projectId } = await projectsOf(app).ensure(project);
    print((await tokensOf(app).issue({ projectId, name, scopes: scope, expiresIn: expires })).token);
  });
}

export function list(installation: Installation, { project }: Target): Promise<void> {
  return withApplication(installation, async (app) => {
    const names = new Map((await projectsOf(app).list()).map(({ id, name }) => [id, name]));
    const tokens =
      project === undefined
        ? await tokensOf(app).listAll()
        : await tokensOf(app).list((await projectsOf(app).findByName(project)).id);
    print(['ID', 'PROJECT', 'NAME', 'SCOPES', 'STATE', 'EXPIRES', 'LAST USED'].join('\t'));
    for (const token of tokens) print(row(token, names.get(token.projectId) ?? ''));
  });
}

export function revoke(installation: Installation, id: string, { project }: Target): Promise<void> {
  return withApplication(installation, async (app) => {
    await tokensOf(app).revoke(await ownerOf(app, id, project), id);
  });
}

export function rotate(
  installation: Installation,
  id: string,
  { project, overlap }: Target & { overlap: number },
): Promise<void> {
  return withApplication(installation, async (app) => {
    const projectId = await ownerOf(app, id, project);
    print((await tokensOf(app).rotate(projectId, id, { overlapMs: overlap })).token);
  });
}

/** Resolves the project of a token: the named one, otherwise its actual project. */
async function ownerOf(app: INestApplicationContext, id: string, project?: string): Promise<number> {
  if (project !== undefined) return (await projectsOf(app).findByName(project)).id;
  return (await tokensOf(app).find(id)).projectId;
}

function projectsOf(app: INestApplicationContext): ProjectsService {
  return app.get(ProjectsService, { strict: false });
}

function tokensOf(app: INestApplicationContext): AccessTokensService {
  return app.get(AccessTokensService, { strict: false });
}

function row(token: AccessToken, project: string): string {
  const { id, name, scopes, expiresAt, lastUsedAt } = token;
  return [
    id,
    project,
    name,
    scopes.join(','),
    stateOf(token),
    expiresAt?.toISOString() ?? 'never',
    lastUsedAt?.toISOString() ?? 'never',
  ].join('\t');
}

function stateOf({ expiresAt, revokedAt }: AccessToken): string {
  if (revokedAt !== null) return revokedAt.getTime() > Date.now() ? 'replaced' : 'revoked';
  return expiresAt !== null && expiresAt.getTime() <= Date.now() ? 'expired' : 'valid';
}
