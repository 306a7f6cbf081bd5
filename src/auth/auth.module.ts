import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Environment } from '../config/environment.js';
import { LimitsModule } from '../limits/limits.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { AccessTokensController } from './access-tokens.controller.js';
import { AccessTokensModule } from './access-tokens.module.js';
import { Admission } from './admission.js';
import { AuthGuard } from './auth.guard.js';
import { Authentication } from './authentication.js';
import { IdentitiesService } from './identities.service.js';
import { IdentityProvider } from './identity-provider.js';
import { MeController } from './me.controller.js';

/** Authentication and authorization: admission, the global guard, and the token routes. */
@Module({
  imports: [AccessTokensModule, ProjectsModule, LimitsModule],
  controllers: [AccessTokensController, MeController],
  providers: [
    Admission,
    Authentication,
    IdentitiesService,
    {
      provide: IdentityProvider,
      inject: [Environment],
      useFactory: (environment: Environment) => new IdentityProvider(environment),
    },
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [Authentication],
})
export class AuthModule {}
