import { ApiProperty } from '@nestjs/swagger';

export class ImportRetriedDto {
  @ApiProperty({ description: 'Id of the import, unchanged', example: '25bzj8jk' })
  id: string;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Number of failed items that run again; with `dryRun`, that would',
    example: 1,
  })
  retried: number;
}
