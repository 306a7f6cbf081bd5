import type { INestApplicationContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessTokensService } from '../auth/access-tokens.service.js';
import { scopeNames } from '../auth/scopes.js';
import { SignInCodes } from '../auth/sign-in/sign-in-codes.js';
import { ProjectsService } from '../projects/projects.service.js';
import { sampleBatch } from '../sample/sample-example.js';

const DAY_MS = 86_400_000;
/** Used if there is no sample archive. */
const PUBLIC_VIDEO = 'https://media.w3.org/2010/05/sintel/trailer.mp4';

/** Both applications of the process. */
export interface Roles {
  api: NestFastifyApplication;
  worker: INestApplicationContext;
}

/** What `npm start` without a database of its own adds, for people who try Reelport. */
export interface Trial {
  /** Absolute path of the folder with the embedded database and the videos. */
  dataDir: string;
  sampleVideo: string;
  sampleList: string;
}

interface Welcome {
  publicUrl: string | undefined;
  trial: Trial | undefined;
}

/** Prints the addresses, a sign-in link, a token and a working request. */
export async function welcome({ api, worker }: Roles, { publicUrl, trial }: Welcome): Promise<void> {
  const address = publicUrl ?? (await api.getUrl()).replace('127.0.0.1', 'localhost');
  const project = await worker.get(ProjectsService, { strict: false }).ensure('demo');
  const { token } = await api.get(AccessTokensService, { strict: false }).issue({
    projectId: project.id,
    name: 'npm start',
    scopes: scopeNames(),
    expiresIn: DAY_MS,
  });
  const codes = api.get(SignInCodes, { strict: false });
  process.stdout.write(`
Reelport is ready.

  Console      ${address}/console#sign-in=${codes.issue(token)}
  Swagger UI   ${address}/docs#sign-in=${codes.issue(token)}
               (each link signs you in once, within 15 minutes)
  Demo token   ${token}
               (project demo, every scope, valid for one day; paste it into the console, or after pressing Authorize in Swagger UI)
${trial === undefined ? '' : trialLines(trial)}
  Import a video:

  curl -s ${address}/api/v1/import/videos \\
    -H 'Authorization: Bearer ${token}' \\
    -H 'Content-Type: application/json' \\
    -d '${JSON.stringify(sampleBatch(trial?.sampleVideo ?? PUBLIC_VIDEO))}'

  Press Ctrl-C to stop everything.
`);
}

const trialLines = ({ dataDir, sampleVideo, sampleList }: Trial): string => `\
  Sample       ${sampleVideo}
               (a sample archive on this machine; its import is prefilled in Swagger UI)
  Sample list  ${sampleList}
               (a CSV of 20 videos for "npx reelport plan"; see the README)
  Data         ${dataDir}
               (kept when you press Ctrl-C; the next start continues with it)
`;
