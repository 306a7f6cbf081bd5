import { Command, InvalidArgumentError } from 'commander';
import type { AccessToken } from '../auth/access-token.entity.js';
import { AccessTokensService } from '../auth/access-tokens.service.js';
import { isScope, SCOPES, type Scope } from '../auth/scopes.js';
import { duration } from '../config/parsers.js';
import { ProjectsService } from '../projects/projects.service.js';
import { print, withApplication } from './with-application.js';

interface Target {
  project: string;
}

/** Access tokens from the command line. */
export function tokenCommand(): Command {
  const group = new Command('token').description('Access tokens: create, list, revoke, rotate');
  group
    .command('create')
    .description('Issue a token and print it alone on stdout; the project is made where it is new')
    .requiredOption('--project <name>', 'project that the token belongs to')
    .requiredOption('--name <name>', 'who uses the token')
    .requiredOption(
      '--scope <scope>',
      `one of ${Object.keys(SCOPES).join(', ')}; may be repeated`,
      collectScopes,
    )
    .option(
      '--expires <duration>',
      'how long it is valid, such as 90d or 12h',
      parseDuration,
      90 * 86_400_000,
    )
    .action(create);
  group
    .command('list')
    .description('Show the tokens of a project')
    .requiredOption('--project <name>', 'project')
    .action(list);
  group
    .command('revoke')
    .description('End a token, within 5 seconds everywhere')
    .argument('<id>', 'id of the token')
    .requiredOption('--project <name>', 'project')
    .action(revoke);
  group
    .command('rotate')
    .description(
      'Replace a token by a new one with the same name, scopes and lifetime; print it alone on stdout',
    )
    .argument('<id>', 'id of the token')
    .requiredOption('--project <name>', 'project')
    .action(rotate);
  return group;
}

function create({
  project,
  name,
  scope,
  expires,
}: Target & { name: string; scope: Scope[]; expires: number }): Promise<void> {
  return withApplication(async (app) => {
    const { id: projectId } = await app.get(ProjectsService, { strict: false }).ensure(project);
    const tokens = app.get(AccessTokensService, { strict: false });
    print((await tokens.issue({ projectId, name, scopes: scope, expiresIn: expires })).token);
  });
}

function list({ project }: Target): Promise<void> {
  return onProject(project, async (tokens, projectId) => {
    print(['ID', 'NAME', 'SCOPES', 'STATE', 'EXPIRES', 'LAST USED'].join('\t'));
    for (const token of await tokens.list(projectId)) print(row(token));
  });
}

function revoke(id: string, { project }: Target): Promise<void> {
  return onProject(project, (tokens, projectId) => tokens.revoke(projectId, id));
}

function rotate(id: string, { project }: Target): Promise<void> {
  return onProject(project, async (tokens, projectId) => print((await tokens.rotate(projectId, id)).token));
}

function onProject(
  name: string,
  run: (tokens: AccessTokensService, projectId: number) => Promise<void>,
): Promise<void> {
  return withApplication(async (app) => {
    const { id } = await app.get(ProjectsService, { strict: false }).findByName(name);
    await run(app.get(AccessTokensService, { strict: false }), id);
  });
}

function row({ id, name, scopes, expiresAt, revokedAt, lastUsedAt }: AccessToken): string {
  const expired = expiresAt !== null && expiresAt.getTime() <= Date.now();
  const state = revokedAt !== null ? 'revoked' : expired ? 'expired' : 'valid';
  return [
    id,
    name,
    scopes.join(','),
    state,
    expiresAt?.toISOString() ?? 'never',
    lastUsedAt?.toISOString() ?? 'never',
  ].join('\t');
}

function collectScopes(text: string, before: Scope[] = []): Scope[] {
  if (!isScope(text)) throw new InvalidArgumentError(`A scope is one of ${Object.keys(SCOPES).join(', ')}.`);
  return [...before, text];
}

function parseDuration(text: string): number {
  const ms = /[smhd]$/.test(text) ? duration(text) : text;
  if (typeof ms !== 'number' || ms <= 0 || ms > 3_650 * 86_400_000) {
    throw new InvalidArgumentError('A duration is a number with s, m, h or d, up to 3650d.');
  }
  return ms;
}
