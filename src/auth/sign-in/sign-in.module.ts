import { Module } from '@nestjs/common';
import { SignInCodes } from './sign-in-codes.js';
import { SignInController } from './sign-in.controller.js';

/** Signs people in who run Reelport on their own machine; not part of the API in production. */
@Module({
  controllers: [SignInController],
  providers: [{ provide: SignInCodes, useFactory: () => new SignInCodes() }],
  exports: [SignInCodes],
})
export class SignInModule {}
