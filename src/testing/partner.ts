import { randomUUID } from 'node:crypto';
import { isScope, scopeNames, type Scope } from '../auth/scopes.js';
import { Extensions } from '../extension/extensions.js';
import { PartnerApi } from './partner-api.js';
import type { RunningReelport } from './start-reelport.js';

const LIFETIME_MS = 86_400_000;

/** A project with a token, as a partner has them. */
export interface Partner {
  readonly project: {
    readonly id: number;
    readonly name: string;
    /** `whsec_…`, to verify webhooks. */
    readonly webhookSecret: string;
  };
  /** Access token of `api`. */
  readonly token: string;
  readonly api: PartnerApi;
}

export interface PartnerOptions {
  /** Scopes of the token, also those of extensions; by default those of the import API. */
  readonly scopes?: readonly string[];
}

/**
 * Creates a project and a token for it.
 *
 * @throws Error if no extension of the installation declares a scope
 */
export async function newPartner(
  { url, api }: RunningReelport,
  { scopes = ['public-api:write', 'public-api:read'] }: PartnerOptions = {},
): Promise<Partner> {
  // Loaded after the scopes of the extensions were declared.
  const { AccessTokensService } = await import('../auth/access-tokens.service.js');
  const { ProjectsService } = await import('../projects/projects.service.js');
  const projects = api.get(ProjectsService, { strict: false });
  const { id, name } = await projects.ensure(`project-${randomUUID().slice(0, 8)}`);
  const [{ secret: webhookSecret } = { secret: '' }] = await projects.webhookSecrets(id);
  const { token } = await api.get(AccessTokensService, { strict: false }).issue({
    projectId: id,
    name: 'test',
    scopes: known(scopes),
    expiresIn: LIFETIME_MS,
  });
  const mediaKinds = new Set(api.get(Extensions, { strict: false }).mediaKinds.map((kind) => kind.name));
  return { project: { id, name, webhookSecret }, token, api: new PartnerApi(url, token, mediaKinds) };
}

function known(scopes: readonly string[]): Scope[] {
  return scopes.map((scope) => {
    if (isScope(scope)) return scope;
    throw new Error(`Unknown scope "${String(scope)}": known are ${scopeNames().join(', ')}`);
  });
}
