import { ApiProperty } from '@nestjs/swagger';

export class ImportRetriedDto {
  @ApiProperty({ description: 'The import, which stays the same', example: '25bzj8jk' })
  id: string;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Items that had failed and run again',
    example: 1,
  })
  retried: number;
}
