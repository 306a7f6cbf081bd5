import { Text } from '../../http/validators/text.js';

export class ReconcileQueryDto {
  @Text({
    max: 128,
    description: 'System whose media are compared: the `systemName` of your imports',
    example: 'identity-of-the-archive',
  })
  systemName: string;

  @Text({
    max: 64,
    optional: true,
    description: 'Kind of the media: the last segment of the path that imports it.',
    example: 'videos',
  })
  kind: string = 'videos';
}
