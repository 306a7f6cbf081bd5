import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Environment } from '../config/environment.js';
import { AccessToken } from './access-token.entity.js';
import { AccessTokensRepository } from './access-tokens.repository.js';
import { AccessTokensService } from './access-tokens.service.js';
import { tokenSecret } from './token-secret.js';
import { TokenSigner } from './token-signer.js';

/** Tokens without HTTP, for the command line and the guard. */
@Module({
  imports: [TypeOrmModule.forFeature([AccessToken])],
  providers: [
    AccessTokensService,
    AccessTokensRepository,
    {
      provide: TokenSigner,
      inject: [Environment],
      useFactory: async (environment: Environment) => new TokenSigner(await tokenSecret(environment)),
    },
  ],
  exports: [AccessTokensService],
})
export class AccessTokensModule {}
