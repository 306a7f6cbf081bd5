import { ApiProperty } from '@nestjs/swagger';

export class ImportCancelledDto {
  @ApiProperty({ description: 'Id of the import', example: '25bzj8jk' })
  id: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Number of cancelled items', example: 2 })
  cancelled: number;
}
