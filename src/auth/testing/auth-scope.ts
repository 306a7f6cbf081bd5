import { Global, Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { Environment } from '../../config/environment.js';
import { parseEnvironment } from '../../config/parse-environment.js';
import { databaseOptions } from '../../database/database-options.js';
import { configureHttp } from '../../http/configure-http.js';
import { createAdapter } from '../../http/fastify-adapter.js';
import { ProjectsModule } from '../../projects/projects.module.js';
import { ProjectsService } from '../../projects/projects.service.js';
import { AccessTokensService } from '../access-tokens.service.js';
import { AuthModule } from '../auth.module.js';
import type { Scope } from '../scopes.js';
import { type Cable, layCable } from './cable.js';

export const TOKEN_SECRET = 'a-secret-for-tests-that-is-long-enough';

/** The parts of a response that these specs check. */
export interface Answer {
  status: number;
  /** The header WWW-Authenticate. */
  challenge: string | null;
  /** The header Retry-After. */
  retryAfter: string | null;
  body: Record<string, unknown> & { error_details?: Record<string, string> };
}

/** Options of fetch, with headers by name. */
export type AskInit = Omit<RequestInit, 'headers'> & { headers?: Record<string, string> };

export interface Issued {
  id: string;
  token: string;
  /** The Authorization header. */
  bearer: string;
}

/** The guard and the token routes, over HTTP on their own database. */
export interface AuthScope {
  app: NestFastifyApplication;
  database: TestDatabase;
  /** Connection between the application and its database. */
  cable: Cable;
  tokens: AccessTokensService;
  projects: ProjectsService;
  /** An existing project. */
  projectId: number;
  ask: (path: string, authorization?: string, init?: AskInit) => Promise<Answer>;
  issue: (scopes?: readonly Scope[], project?: number) => Promise<Issued>;
  close(): Promise<void>;
}

/**
 * @param controllers guarded controllers, in addition to those of the module
 * @param settings environment variables
 */
export async function openAuthScope(
  controllers: Type[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<AuthScope> {
  const database = await createDatabase();
  const cable = await layCable(database.url);
  const app = await startApplication(cable.url, controllers, { TOKEN_SECRET, ...settings });
  const tokens = app.get(AccessTokensService, { strict: false });
  const projects = app.get(ProjectsService, { strict: false });
  const { id: projectId } = await projects.ensure('demo');
  const address = await app.getUrl();
  return {
    app,
    database,
    cable,
    tokens,
    projects,
    projectId,
    ask: (path, authorization, init) => ask(`${address}/${path}`, authorization, init),
    issue: async (scopes = ['public-api:write'], project = projectId) => {
      const { token, record } = await tokens.issue({
        projectId: project,
        name: 'test',
        scopes,
        expiresIn: 3_600_000,
      });
      return { id: record.id, token, bearer: `Bearer ${token}` };
    },
    close: async () => {
      await app.close();
      await cable.cut();
      await database.drop();
    },
  };
}

async function startApplication(
  url: string,
  controllers: Type[],
  settings: Readonly<Record<string, string>>,
): Promise<NestFastifyApplication> {
  const environment = parseEnvironment(settings);
  @Global()
  @Module({
    providers: [{ provide: Environment, useFactory: () => environment }],
    exports: [Environment],
  })
  class SettingsModule {}
  const module = await Test.createTestingModule({
    imports: [
      SettingsModule,
      TypeOrmModule.forRoot({
        ...databaseOptions({ url, poolSize: 5 }),
        autoLoadEntities: true,
        // Some of these specs cut the connection on purpose.
        poolErrorHandler: () => undefined,
      }),
      ProjectsModule,
      AuthModule,
    ],
    controllers,
  }).compile();
  const adapter = createAdapter({ bodyLimit: 100_000, graceMs: 1_000, trustProxy: environment.TRUST_PROXY });
  const app = module.createNestApplication<NestFastifyApplication>(adapter, {
    logger: false,
    bodyParser: false,
  });
  await configureHttp(app);
  await app.listen(0, '127.0.0.1');
  return app;
}

async function ask(url: string, authorization?: string, init: AskInit = {}): Promise<Answer> {
  const response = await fetch(url, {
    ...init,
    headers: {
      ...init.headers,
      ...(authorization !== undefined && { authorization }),
      ...(init.body !== undefined && { 'content-type': 'application/json' }),
    },
  });
  const text = await response.text();
  const body: Answer['body'] = text === '' ? {} : JSON.parse(text);
  const { status, headers } = response;
  return { status, challenge: headers.get('www-authenticate'), retryAfter: headers.get('retry-after'), body };
}
