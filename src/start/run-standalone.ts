import { resolve } from 'node:path';
import { startServices } from '#libs/embedded';
import type { ThreadEntry } from '#libs/threads';
import { assertAdmission } from './assert-admission.js';
import { assertGiven } from './assert-role.js';
import { assertFolders, assertOpenFiles } from './assert-surroundings.js';
import { hintAtBlockedPeers } from './blocked-peers-hint.js';
import { withServices } from '../config/parse-environment.js';
import type { Extension } from '../extension/define-extension.js';
import { Extensions } from '../extension/extensions.js';
import { announced } from '../process/announced.js';
import { runProcess } from '../process/run-process.js';
import type { Roles } from './welcome.js';

/** Runs both roles in one process, with embedded services unless others are configured: `npm start`. */
export function runStandalone(extensions: readonly Extension[], entry: ThreadEntry): Promise<void> {
  return runProcess(async ({ opened, fail }, given) => {
    // Other machines may share that database, but not the folder with a generated secret.
    if (given.DATABASE_URL !== undefined) assertGiven(given, ['TOKEN_SECRET']);
    assertOpenFiles(given, given.WORKER_CONCURRENCY);
    const services = await announced(
      log,
      'Starting PostgreSQL and Redis …',
      startServices({
        dataDir: resolve(given.DATA_DIR),
        need: { database: given.DATABASE_URL === undefined, redis: given.REDIS_URL === undefined },
        restart: true,
        onFailed: fail,
        log,
      }),
    );
    opened({ close: () => services.stop() }, 'service');
    const environment = withServices(given, services);
    // The embedded services have created the folder by now, with permissions that admit PostgreSQL.
    assertFolders(environment);
    await assertAdmission(environment, extensions);
    const { startSampleArchive } = await import('../sample/sample-archive.js');
    const { welcome } = await import('./welcome.js');
    // With an external database this may be more than a trial: then loopback stays unreachable unless configured.
    const archive =
      given.DATABASE_URL === undefined
        ? await startSampleArchive({ dataDir: environment.DATA_DIR, log })
        : undefined;
    if (archive !== undefined) hintAtBlockedPeers(environment, log);
    // Closed after the applications, so that in-flight downloads can end first.
    if (archive !== undefined) opened(archive, 'service');
    const startRoles = async (): Promise<Roles> => {
      const { startApi } = await import('./start-api.js');
      const { startWorker } = await import('./start-worker.js');
      const api = await startApi(environment, extensions, { signIn: true, sampleVideo: archive?.videoUrl });
      opened(api);
      const trustedOrigins = archive === undefined ? [] : [archive.origin];
      const worker = await startWorker(environment, extensions, { trustedOrigins, entry });
      opened(worker);
      return { api, worker };
    };
    const roles = await announced(log, 'Starting API and worker …', startRoles());
    await welcome(roles, {
      publicUrl: environment.PUBLIC_URL,
      trial: archive && {
        dataDir: resolve(environment.DATA_DIR),
        sampleVideo: archive.videoUrl,
        sampleList: archive.listUrl,
      },
    });
  }, new Extensions(extensions).additions);
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}
