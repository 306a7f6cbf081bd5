import { ApiProperty } from '@nestjs/swagger';
import { duration } from '../config/parsers.js';
import { SentenceRule } from '../http/validators/sentence-rule.js';
import { Text } from '../http/validators/text.js';
import type { AccessToken } from './access-token.entity.js';
import { isScope, SCOPES, type Scope } from './scopes.js';

const LONGEST_MS = 3_650 * 86_400_000;
const WANTED_SCOPES = `a list of one or more of ${Object.keys(SCOPES).join(', ')}`;
const WANTED_DURATION = 'a duration up to 3650d, such as "90d", "12h" or "30m"';

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

  @SentenceRule('expiresIn', { optional: true, wanted: WANTED_DURATION }, (value) => {
    const ms = typeof value === 'string' && /[smhd]$/.test(value) ? duration(value) : undefined;
    return typeof ms === 'number' && ms > 0 && ms <= LONGEST_MS
      ? undefined
      : `This must be ${WANTED_DURATION}`;
  })
  @ApiProperty({
    required: false,
    type: String,
    default: '90d',
    description: 'How long it is valid, as a number with s, m, h or d',
    example: '90d',
  })
  expiresIn: string = '90d';
}

export class AccessTokenDto {
  @ApiProperty({ format: 'uuid', example: '7d9f3a52-3c6e-4f0e-9a59-6cf1f0d1c0aa' })
  id: string;

  @ApiProperty({ example: 'archive of the newsroom' })
  name: string;

  @ApiProperty({ enum: Object.keys(SCOPES), isArray: true, example: ['public-api:write'] })
  scopes: string[];

  @ApiProperty({ format: 'date-time', type: String, example: '2020-01-01T13:45:12.000Z' })
  createdAt: Date;

  @ApiProperty({ format: 'date-time', type: String, nullable: true, example: '2020-03-31T13:45:12.000Z' })
  expiresAt: Date | null;

  @ApiProperty({ format: 'date-time', type: String, nullable: true, example: null })
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

export class AccessTokensDto {
  @ApiProperty({ type: () => AccessTokenDto, isArray: true })
  results: AccessTokenDto[];
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
