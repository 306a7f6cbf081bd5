import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ProjectsService } from '../projects/projects.service.js';
import { AccessTokensService } from './access-tokens.service.js';
import { CurrentCaller, type Caller } from './caller.js';
import { MeDto } from './me.dto.js';
import { AnyScope } from './require-scopes.decorator.js';

@ApiTags('Access tokens')
@Controller('auth/me')
@AnyScope()
export class MeController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly tokens: AccessTokensService,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'whoAmI', summary: 'Project, name and scopes of the calling token' })
  @ApiOkResponse({ type: MeDto })
  async me(@CurrentCaller() { projectId, tokenId, scopes }: Caller): Promise<MeDto> {
    const [project, token] = await Promise.all([
      this.projects.find(projectId),
      this.tokens.findOwn(projectId, tokenId),
    ]);
    if (project === null) throw new Error('A caller without a project');
    return {
      id: tokenId,
      name: token?.name ?? null,
      project: project.name,
      scopes,
      expiresAt: token?.expiresAt ?? null,
    };
  }
}
