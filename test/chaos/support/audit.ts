import type { Installation } from './installation.js';
import { faultsOfFiles, filesWithoutOwner } from './audit.disk.js';
import { faultsOfImports } from './audit.imports.js';
import { faultsOfVideos } from './audit.videos.js';
import { faultsOfWebhooks, unfinishedDeliveries } from './audit.webhooks.js';
import { until } from './until.js';

export interface AuditOptions {
  /**
   * SHA-256 of the bytes that an address may have given, lower-case hex. What is answered undefined may be any video.
   */
  expectedSha256: (url: string) => string | undefined;
}

/**
 * Holds the database, the disk and the received webhooks against what was posted, once everything has ended.
 *
 * Items and counters, videos and their files must be right at once. Webhooks may still be on their way, and files that
 * nobody refers to may stay for their grace period, so that those are waited for. At least one worker must run.
 *
 * @returns every fault, in a sentence; none where all is well
 * @throws Error that names what did not come
 */
export async function audit(installation: Installation, options: AuditOptions): Promise<string[]> {
  await installation.finished();
  const faults = await lastingFaults(installation, options);
  if (faults.length > 0) return faults;
  let open: string[] = [];
  await until(
    'webhooks to be delivered and files without an owner to be removed',
    async () => {
      open = [...(await unfinishedDeliveries(installation)), ...(await filesWithoutOwner(installation))];
      return open.length === 0;
    },
    { explain: async () => [...open.slice(0, 20), await installation.describe()].join('\n') },
  );
  // Removal has run over everything meanwhile, and must have left alone what is in use.
  return [...(await lastingFaults(installation, options)), ...(await faultsOfWebhooks(installation))];
}

async function lastingFaults(installation: Installation, options: AuditOptions): Promise<string[]> {
  return [
    ...(await faultsOfImports(installation)),
    ...(await faultsOfVideos(installation, options)),
    ...(await faultsOfFiles(installation)),
  ];
}
