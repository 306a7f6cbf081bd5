import type { INestApplicationContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessTokensService } from './auth/access-tokens.service.js';
import { SCOPE_NAMES } from './auth/scopes.js';
import type { Environment } from './config/environment.js';
import { ProjectsService } from './projects/projects.service.js';

const DAY_MS = 86_400_000;

/** Tells a newcomer where everything is, with a token and a request that work. */
export async function welcome(
  api: NestFastifyApplication,
  worker: INestApplicationContext,
  { PUBLIC_URL }: Environment,
): Promise<void> {
  const address = PUBLIC_URL ?? (await api.getUrl()).replace('127.0.0.1', 'localhost');
  const project = await worker.get(ProjectsService, { strict: false }).ensure('demo');
  const { token } = await api.get(AccessTokensService, { strict: false }).issue({
    projectId: project.id,
    name: 'npm start',
    scopes: [...SCOPE_NAMES],
    expiresIn: DAY_MS,
  });
  process.stdout.write(`
Reelport is ready.

  Swagger UI   ${address}/docs
  Demo token   ${token}
               (project demo, every scope, one day; paste it after pressing Authorize)

  Import a video:

  curl -s ${address}/api/v1/import/videos \\
    -H 'Authorization: Bearer ${token}' \\
    -H 'Content-Type: application/json' \\
    -d '{"systemName":"demo","videos":[{"id":"1","url":"https://media.w3.org/2010/05/sintel/trailer.mp4","fileName":"my video","metadata":{}}]}'

  Ctrl-C ends everything that was started.
`);
}
