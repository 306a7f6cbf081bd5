import { ApiProperty } from '@nestjs/swagger';

export class MeDto {
  @ApiProperty({
    description: 'Id of the access token; for an identity provider, an id derived from the subject',
    example: '7d9f3a52-3c6e-4f0e-9a59-6cf1f0d1c0aa',
  })
  id: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Name of the access token; null for a token of an identity provider',
    example: 'archive of the newsroom',
  })
  name: string | null;

  @ApiProperty({ description: 'Name of the project', example: 'newsroom' })
  project: string;

  @ApiProperty({
    type: String,
    isArray: true,
    description: 'Scopes that the token grants here, including those of extensions',
    example: ['public-api:write'],
  })
  scopes: readonly string[];

  @ApiProperty({
    format: 'date-time',
    type: String,
    nullable: true,
    description: 'When the access token expires; null for a token of an identity provider',
    example: '2020-03-31T13:45:12.000Z',
  })
  expiresAt: Date | null;
}
