import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { unauthorized } from '../../http/api-error.js';
import { Public } from '../require-scopes.decorator.js';
import { SignInCodes } from './sign-in-codes.js';
import { SignInDto } from './sign-in.dto.js';

/** Exchanges the code of a sign-in link for its token, for Swagger UI with `npm start` only. */
@ApiExcludeController()
@Controller('auth/sign-in')
export class SignInController {
  constructor(private readonly codes: SignInCodes) {}

  /** @throws ApiError 401 */
  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Public()
  signIn(@Body() { code }: SignInDto): { token: string } {
    const token = this.codes.take(code);
    if (token === undefined) throw unauthorized('The link has expired or was already used');
    return { token };
  }
}
