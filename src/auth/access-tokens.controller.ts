import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import {
  AccessTokensPageDto,
  AccessTokensQueryDto,
  IssuedTokenDto,
  NewAccessTokenDto,
  RotateAccessTokenDto,
  toIssuedTokenDto,
  toAccessTokensPageDto,
} from './access-token.dto.js';
import { AccessTokensService } from './access-tokens.service.js';
import { CurrentCaller, type Caller } from './caller.js';
import { lifetime, overlap } from './lifetime.js';
import { RequireScopes } from './require-scopes.decorator.js';

const ID = {
  name: 'id',
  description: 'Id of a token of the same project',
  example: '7d9f3a52-3c6e-4f0e-9a59-6cf1f0d1c0aa',
};
const UNKNOWN = { id: 'No access token has this id' };

@ApiTags('Access tokens')
@Controller('auth/tokens')
@RequireScopes('public-api:admin')
export class AccessTokensController {
  constructor(private readonly tokens: AccessTokensService) {}

  @Post()
  @ApiOperation({ operationId: 'issueToken', summary: 'Issue an access token (shown only once)' })
  @ApiCreatedResponse({ type: IssuedTokenDto })
  @ApiErrors({ 400: { expiresIn: 'Must be a duration up to 3650d, such as "90d", "12h" or "30m"' } })
  async issue(
    @CurrentCaller() caller: Caller,
    @Body() { name, scopes, expiresIn }: NewAccessTokenDto,
  ): Promise<IssuedTokenDto> {
    return toIssuedTokenDto(
      await this.tokens.issueFor(caller, { name, scopes, expiresIn: lifetime(expiresIn) ?? 0 }),
    );
  }

  @Get()
  @ApiOperation({
    operationId: 'listTokens',
    summary: 'List access tokens, newest first',
    description:
      'Pass the `cursor` of a page as `after` to get the next one. Without a `cursor` there are no more results.',
  })
  @ApiOkResponse({ type: AccessTokensPageDto })
  @ApiErrors({ 400: { limit: 'Must be an integer from 1 to 500' } })
  async list(
    @CurrentCaller() { projectId }: Caller,
    @Query() query: AccessTokensQueryDto,
  ): Promise<AccessTokensPageDto> {
    return toAccessTokensPageDto(await this.tokens.page(projectId, query), query);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'revokeToken',
    summary: 'Revoke an access token; takes effect everywhere within 5 seconds',
  })
  @ApiParam(ID)
  @ApiNoContentResponse({ description: 'Revoked' })
  @ApiErrors({ 404: UNKNOWN })
  revoke(@CurrentCaller() { projectId }: Caller, @Param('id') id: string): Promise<void> {
    return this.tokens.revoke(projectId, id);
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'rotateToken',
    summary: 'Replace an access token with a new one of the same name, scopes and lifetime',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: IssuedTokenDto })
  @ApiErrors({
    400: { overlap: 'Must be a duration up to 30d, such as "1h"' },
    404: UNKNOWN,
    409: { id: 'The access token was already revoked or replaced' },
  })
  async rotate(
    @CurrentCaller() { projectId, scopes }: Caller,
    @Param('id') id: string,
    @Query() query: RotateAccessTokenDto,
  ): Promise<IssuedTokenDto> {
    return toIssuedTokenDto(
      await this.tokens.rotate(projectId, id, { allowed: scopes, overlapMs: overlap(query.overlap) }),
    );
  }
}
