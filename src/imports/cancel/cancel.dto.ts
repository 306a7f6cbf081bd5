import { ApiProperty } from '@nestjs/swagger';

export class ImportCancelledDto {
  @ApiProperty({ description: 'The import', example: '25bzj8jk' })
  id: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Items that were ended by this', example: 2 })
  cancelled: number;
}
