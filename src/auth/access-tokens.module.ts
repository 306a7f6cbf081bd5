import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Environment } from '../config/environment.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { AccessToken } from './access-token.entity.js';
import { AccessTokensRepository } from './access-tokens.repository.js';
import { AccessTokensService } from './access-tokens.service.js';
import { tokenSecret } from './token-secret.js';
import { TokenSigner } from './token-signer.js';

/** Access tokens without HTTP, for the command line and the guard. */
@Module({
  // Tokens belong to projects, so TypeORM needs their table even in a process without other project features.
  imports: [TypeOrmModule.forFeature([AccessToken]), ProjectsModule],
  providers: [
    AccessTokensService,
    AccessTokensRepository,
    {
      provide: TokenSigner,
      inject: [Environment],
      useFactory: async (environment: Environment) =>
        new TokenSigner(await tokenSecret(environment), environment.TOKEN_SECRETS_PREVIOUS),
    },
  ],
  exports: [AccessTokensService],
})
export class AccessTokensModule {}
