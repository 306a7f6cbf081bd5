import { Module } from '@nestjs/common';
import { AccessTokensModule } from '../auth/access-tokens.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { ProjectsModule } from '../projects/projects.module.js';

/** The modules that commands need: no HTTP, no queues. */
@Module({ imports: [DatabaseModule, ProjectsModule, AccessTokensModule] })
export class CliModule {}
