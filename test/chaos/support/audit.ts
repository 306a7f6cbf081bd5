import type { ChaosInstallation } from './chaos-installation.js';
import { faultsOfFiles, orphans } from './audit.disk.js';
import { faultsOfImports } from './audit.imports.js';
import { faultsOfVideos } from './audit.videos.js';
import { faultsOfWebhooks, unfinishedDeliveries } from './audit.webhooks.js';
import { until } from '../../support/until.js';

export interface AuditOptions {
  /** SHA-256 of the file at a URL, in lower-case hexadecimal; undefined accepts any video. */
  expectedSha256: (url: string) => string | undefined;
}

/**
 * Compares the database, the disk and the received webhooks with the posted imports, once all of them have finished.
 *
 * Items, counters, videos and their files must be correct at once. Webhooks may still be in delivery, and orphans may
 * be within their grace period, so the audit waits for both. At least one worker must run.
 *
 * @returns one sentence for each fault
 * @throws Error that names what was still missing at the timeout
 */
export async function audit(installation: ChaosInstallation, options: AuditOptions): Promise<string[]> {
  await installation.finished();
  const faults = await lastingFaults(installation, options);
  if (faults.length > 0) return faults;
  let open: string[] = [];
  await until(
    'webhook deliveries and the removal of orphans',
    async () => {
      open = [...(await unfinishedDeliveries(installation)), ...(await orphans(installation))];
      return open.length === 0;
    },
    { explain: async () => [...open.slice(0, 20), await installation.describe()].join('\n') },
  );
  // The removal has seen every file by now, and must have kept the referenced ones.
  return [...(await lastingFaults(installation, options)), ...(await faultsOfWebhooks(installation))];
}

async function lastingFaults(installation: ChaosInstallation, options: AuditOptions): Promise<string[]> {
  return [
    ...(await faultsOfImports(installation)),
    ...(await faultsOfVideos(installation, options)),
    ...(await faultsOfFiles(installation)),
  ];
}
