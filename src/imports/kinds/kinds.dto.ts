import { ApiProperty } from '@nestjs/swagger';

export class KindDto {
  @ApiProperty({
    type: String,
    description: 'Plural: the last segment of the path that imports it, and the name of the list in a batch',
    example: 'images',
  })
  name: string;

  @ApiProperty({ type: String, description: 'Singular: the name of a result', example: 'image' })
  noun: string;

  @ApiProperty({
    type: String,
    isArray: true,
    nullable: true,
    description:
      'MIME types of the files that it accepts; null for a kind whose entries are no files, whose fields are its own',
    example: ['image/png'],
  })
  types: string[] | null;

  @ApiProperty({ type: Boolean, description: 'Whether a batch can be planned before it runs', example: true })
  canPlan: boolean;
}

export class KindsDto {
  @ApiProperty({ type: () => KindDto, isArray: true, description: 'Every kind that this server imports' })
  results: KindDto[];

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Most entries of a batch', example: 10000 })
  maxBatchItems: number;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: 'Largest body of a request, in bytes',
    example: 67108864,
  })
  maxBodyBytes: number;
}
