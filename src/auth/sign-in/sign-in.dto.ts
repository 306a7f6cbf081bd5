import { Text } from '../../http/validators/text.js';

export class SignInDto {
  @Text({ max: 64, description: 'Code of a link that `npm start` printed' })
  code: string;
}
