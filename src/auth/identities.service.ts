import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ProjectsService } from '../projects/projects.service.js';
import type { Caller } from './caller.js';
import { IdentityProvider, type Identity } from './identity-provider.js';
import { TokenCache } from './token-cache.js';
import { TokenError } from './token-error.js';

const SIGNATURE_MS = 60_000;

/** Maps tokens of the operator's identity provider to callers of projects. */
@Injectable()
export class IdentitiesService {
  private readonly identities = new TokenCache<Identity>({ freshMs: SIGNATURE_MS });
  private readonly projectIds = new TokenCache<number | null>();

  constructor(
    private readonly provider: IdentityProvider,
    private readonly projects: ProjectsService,
  ) {}

  /** Whether the identity provider must verify the token. */
  isFor(token: string): boolean {
    return this.provider.isFor(token);
  }

  /** @throws TokenError; ApiError 503 */
  async verify(token: string): Promise<Caller> {
    const { id, name, project, scopes, expiresAt } = await this.identities.get(hash('sha256', token), () =>
      this.provider.verify(token),
    );
    if (expiresAt <= Date.now()) throw new TokenError('expired');
    const projectId = await this.projectIds.get(project, () => this.projects.findId(project));
    if (projectId === null) throw new TokenError('project');
    return { projectId, tokenId: id, name, scopes };
  }
}
