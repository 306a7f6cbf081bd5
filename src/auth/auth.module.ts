import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessTokensController } from './access-tokens.controller.js';
import { AccessTokensModule } from './access-tokens.module.js';
import { AuthGuard } from './auth.guard.js';

/** Who may call what: the guard of all routes, and the routes for tokens. */
@Module({
  imports: [AccessTokensModule],
  controllers: [AccessTokensController],
  providers: [{ provide: APP_GUARD, useClass: AuthGuard }],
})
export class AuthModule {}
