import { ApiProperty } from '@nestjs/swagger';
import { PREDICTED_ACTIONS, type PredictedAction } from '../prediction.js';

/** The outcome that a plan predicts for an item. */
export class PredictionDto {
  @ApiProperty({
    enum: PREDICTED_ACTIONS,
    description:
      '`create`, `update`: new to the library, or changed. `skip`: already imported and unchanged. `fail`: see `code`',
    example: 'create',
  })
  action: PredictedAction;

  @ApiProperty({
    required: false,
    description: 'Code of the failure, from the list of the status of the kind; only for `fail`',
    example: 'HTTP_STATUS',
  })
  code?: string;

  @ApiProperty({
    required: false,
    description: 'Why the item will be skipped or fail, in one sentence',
    example: 'Could not download the file: the server answered 404',
  })
  reason?: string;

  @ApiProperty({
    required: false,
    description:
      'Whether a retry can help, or the run itself, because the failure is transient; only for `fail`',
    example: false,
  })
  retryable?: boolean;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    required: false,
    description: 'Size of the file in bytes, if the source declares it',
    example: 104_857_600,
  })
  bytes?: number;

  @ApiProperty({
    required: false,
    description: 'MIME type of the file, if its first bytes show it',
    example: 'image/jpeg',
  })
  mimeType?: string;
}
