import { Text } from '../../http/validators/text.js';

export class SignInDto {
  @Text({ max: 64, description: 'The code of a link that npm start printed' })
  code: string;
}
