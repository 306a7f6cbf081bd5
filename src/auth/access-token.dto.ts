import { ApiProperty } from '@nestjs/swagger';
import { PageLimit } from '../http/validators/page-limit.js';
import { SentenceRule } from '../http/validators/sentence-rule.js';
import { Text } from '../http/validators/text.js';
import type { AccessToken } from './access-token.entity.js';
import type { IssuedToken } from './access-tokens.service.js';
import { DEFAULT_LIFETIME, lifetime, overlap, WANTED_DURATION, WANTED_OVERLAP } from './lifetime.js';
import { isScope, SCOPES, type Scope } from './scopes.js';

const WANTED_SCOPES = `a list of one or more of ${Object.keys(SCOPES).join(', ')}`;

const ID = '7d9f3a52-3c6e-4f0e-9a59-6cf1f0d1c0aa';

export class AccessTokensQueryDto {
  @PageLimit({ max: 500, default: 50 })
  limit: number = 50;

  @Text({ max: 64, optional: true, description: 'The `cursor` of the page before', example: ID })
  after?: string;
}

export class NewAccessTokenDto {
  @Text({
    max: 128,
    notBlank: true,
    noControl: true,
    description: 'Who uses the token',
    example: 'archive of the newsroom',
  })
  name: string;

  @SentenceRule('scopes', { wanted: WANTED_SCOPES }, (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((scope) => typeof scope === 'string' && isScope(scope))
      ? undefined
      : `This must be ${WANTED_SCOPES}`,
  )
  @ApiProperty({
    enum: Object.keys(SCOPES),
    isArray: true,
    minItems: 1,
    description: 'What it may do; only what the calling token may do itself',
    example: ['public-api:write'],
  })
  scopes: Scope[];

  @SentenceRule('expiresIn', { optional: true, wanted: WANTED_DURATION }, (value) =>
    lifetime(value) === undefined ? `This must be ${WANTED_DURATION}` : undefined,
  )
  @ApiProperty({
    required: false,
    type: String,
    default: DEFAULT_LIFETIME,
    description: 'How long it is valid, as a number with s, m, h or d',
    example: '90d',
  })
  expiresIn: string = DEFAULT_LIFETIME;
}

export class RotateAccessTokenDto {
  @SentenceRule('overlap', { optional: true, wanted: WANTED_OVERLAP }, (value) =>
    overlap(value) === undefined ? `This must be ${WANTED_OVERLAP}` : undefined,
  )
  @ApiProperty({
    required: false,
    type: String,
    default: '0s',
    description: 'How long the old token stays valid beside the new one, as a number with s, m, h or d',
    example: '1h',
  })
  overlap: string = '0s';
}

export class AccessTokenDto {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ example: 'archive of the newsroom' })
  name: string;

  @ApiProperty({ enum: Object.keys(SCOPES), isArray: true, example: ['public-api:write'] })
  scopes: string[];

  @ApiProperty({ format: 'date-time', type: String, example: '2020-01-01T13:45:12.000Z' })
  createdAt: Date;

  @ApiProperty({ format: 'date-time', type: String, nullable: true, example: '2020-03-31T13:45:12.000Z' })
  expiresAt: Date | null;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'When it was revoked, or will be, where it has been replaced and both are valid for a while',
    example: null,
  })
  revokedAt: Date | null;

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'To the minute',
    example: null,
  })
  lastUsedAt: Date | null;
}

export class IssuedTokenDto extends AccessTokenDto {
  @ApiProperty({ description: 'The token itself, shown this once', example: 'eyJhbGciOiJIUzI1NiJ9…' })
  token: string;
}

export class AccessTokensPageDto {
  @ApiProperty({ type: () => AccessTokenDto, isArray: true })
  results: AccessTokenDto[];

  @ApiProperty({
    required: false,
    description: 'What `after` takes for the next page; left out where there is none',
    example: ID,
  })
  cursor?: string;
}

/** What may be told of a token. */
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

/** What is told of a token this once. */
export function toIssuedTokenDto({ token, record }: IssuedToken): IssuedTokenDto {
  return Object.assign(toAccessTokenDto(record), { token });
}
