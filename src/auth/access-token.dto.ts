import { ApiProperty } from '@nestjs/swagger';
import { PageLimit } from '../http/validators/page-limit.js';
import { SentenceRule } from '../http/validators/sentence-rule.js';
import { Text } from '../http/validators/text.js';
import type { AccessToken } from './access-token.entity.js';
import type { IssuedToken } from './access-tokens.service.js';
import { DEFAULT_LIFETIME, lifetime, overlap, WANTED_DURATION, WANTED_OVERLAP } from './lifetime.js';
import { isScope, scopeNames, type Scope } from './scopes.js';

const WANTED_SCOPES = `a non-empty list of ${scopeNames().join(', ')}`;

const ID = '7d9f3a52-3c6e-4f0e-9a59-6cf1f0d1c0aa';

export class AccessTokensQueryDto {
  @PageLimit({ max: 500, default: 50 })
  limit: number = 50;

  @Text({ max: 64, optional: true, description: 'Cursor of the previous page', example: ID })
  after?: string;
}

export class NewAccessTokenDto {
  @Text({
    max: 128,
    notBlank: true,
    noControl: true,
    description: 'Name that identifies the user of the token',
    example: 'archive of the newsroom',
  })
  name: string;

  @SentenceRule('scopes', { wanted: WANTED_SCOPES }, (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((scope) => typeof scope === 'string' && isScope(scope))
      ? undefined
      : `Must be ${WANTED_SCOPES}`,
  )
  @ApiProperty({
    enum: scopeNames(),
    isArray: true,
    minItems: 1,
    description: 'Scopes of the token; the calling token must have all of them',
    example: ['public-api:write'],
  })
  scopes: Scope[];

  @SentenceRule('expiresIn', { optional: true, wanted: WANTED_DURATION }, (value) =>
    lifetime(value) === undefined ? `Must be ${WANTED_DURATION}` : undefined,
  )
  @ApiProperty({
    required: false,
    type: String,
    default: DEFAULT_LIFETIME,
    description: 'Lifetime, as a number with the unit s, m, h or d',
    example: '90d',
  })
  expiresIn: string = DEFAULT_LIFETIME;
}

export class RotateAccessTokenDto {
  @SentenceRule('overlap', { optional: true, wanted: WANTED_OVERLAP }, (value) =>
    overlap(value) === undefined ? `Must be ${WANTED_OVERLAP}` : undefined,
  )
  @ApiProperty({
    required: false,
    type: String,
    default: '0s',
    description: 'How long the old token stays valid, as a number with the unit s, m, h or d',
    example: '1h',
  })
  overlap: string = '0s';
}

export class AccessTokenDto {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ example: 'archive of the newsroom' })
  name: string;

  @ApiProperty({ enum: scopeNames(), isArray: true, example: ['public-api:write'] })
  scopes: string[];

  @ApiProperty({ format: 'date-time', type: String, example: '2020-01-01T13:45:12.000Z' })
  createdAt: Date;

  @ApiProperty({ format: 'date-time', type: String, nullable: true, example: '2020-03-31T13:45:12.000Z' })
  expiresAt: Date | null;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'Time of revocation; in the future if the token was rotated with an overlap',
    example: null,
  })
  revokedAt: Date | null;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'Time of last use, accurate to the minute',
    example: null,
  })
  lastUsedAt: Date | null;
}

export class IssuedTokenDto extends AccessTokenDto {
  @ApiProperty({ description: 'The token itself; shown only once', example: 'eyJhbGciOiJIUzI1NiJ9…' })
  token: string;
}

export class AccessTokensPageDto {
  @ApiProperty({ type: () => AccessTokenDto, isArray: true })
  results: AccessTokenDto[];

  @ApiProperty({
    required: false,
    description: 'Pass it as `after` to get the next page; if absent, there are no more results',
    example: ID,
  })
  cursor?: string;
}

export function toAccessTokenDto({
  id,
  name,
  scopes,
  createdAt,
  expiresAt,
  revokedAt,
  lastUsedAt,
}: AccessToken): AccessTokenDto {
  return { id, name, scopes, createdAt, expiresAt, revokedAt, lastUsedAt };
}

export function toAccessTokensPageDto(
  tokens: readonly AccessToken[],
  { limit }: AccessTokensQueryDto,
): AccessTokensPageDto {
  const last = tokens.length === limit ? tokens.at(-1) : undefined;
  return { results: tokens.map(toAccessTokenDto), ...(last !== undefined && { cursor: last.id }) };
}

/** Includes the token itself, for the response that issues it. */
export function toIssuedTokenDto({ token, record }: IssuedToken): IssuedTokenDto {
  return Object.assign(toAccessTokenDto(record), { token });
}
