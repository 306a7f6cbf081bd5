import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import { RequireScopes } from '../../auth/require-scopes.decorator.js';
import { WaitingDto } from './waiting.dto.js';
import { WaitingService } from './waiting.service.js';

@ApiTags('Import')
@Controller('waiting')
@RequireScopes('public-api:write')
export class WaitingController {
  constructor(private readonly waiting: WaitingService) {}

  @Get()
  @ApiOperation({
    operationId: 'explainWaiting',
    summary: 'Why items of the project wait: workers, disk, Redis, and the throttle of each host',
  })
  @ApiOkResponse({ type: WaitingDto })
  explain(@CurrentCaller() { projectId }: Caller): Promise<WaitingDto> {
    return this.waiting.explain(projectId);
  }
}
