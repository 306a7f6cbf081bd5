import { ApiProperty } from '@nestjs/swagger';

export class ImportCancelledDto {
  @ApiProperty({ description: 'Id of the import', example: '25bzj8jk' })
  id: string;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Number of cancelled items; with `dryRun`, of those that would be. 0 only for a subset',
    example: 2,
  })
  cancelled: number;
}
