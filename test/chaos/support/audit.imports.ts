import type { ChaosInstallation } from './chaos-installation.js';
import type { PostedImport } from './posted.js';

interface ImportRow {
  id: string;
  state: string;
  total: number;
  success: number;
  skipped: number;
  failed: number;
  finished: boolean;
}

interface ItemRow {
  importId: string;
  position: number;
  externalId: string;
  url: string;
  state: string;
  leased: boolean;
}

const ENDS = ['success', 'skipped', 'failed'];

/** Checks imports, items and counters: everything that was posted exists exactly once. */
export async function faultsOfImports(installation: ChaosInstallation): Promise<string[]> {
  const imports = await installation.query<ImportRow[]>(
    'SELECT id, state, total, success, skipped, failed, finished_at IS NOT NULL AS finished FROM imports',
  );
  const items = await installation.query<ItemRow[]>(
    `SELECT import_id AS "importId", position, external_id AS "externalId", payload ->> 'url' AS url, state,
       lease_owner IS NOT NULL OR lease_until IS NOT NULL AS leased
     FROM import_items ORDER BY import_id, position`,
  );
  const posted = new Map(installation.posted.map((one) => [one.id, one]));
  const byImport = new Map<string, ItemRow[]>();
  for (const item of items) {
    const own = byImport.get(item.importId) ?? [];
    own.push(item);
    byImport.set(item.importId, own);
  }
  return [
    ...[...posted.keys()]
      .filter((id) => !imports.some((row) => row.id === id))
      .map((id) => `Import ${id} is missing`),
    ...imports.flatMap((row) => {
      const expected = posted.get(row.id);
      if (expected === undefined) return [`Import ${row.id} was never posted, or its answer was lost`];
      const own = byImport.get(row.id) ?? [];
      return [...faultsOfItems(expected, own), ...faultsOfCounters(row, own)];
    }),
  ];
}

function faultsOfItems({ id, videos }: PostedImport, items: readonly ItemRow[]): string[] {
  const faults = items.flatMap(({ position, state, leased }) => [
    ...(ENDS.includes(state) ? [] : [`Item ${position} of ${id} is left ${state}`]),
    ...(leased && ENDS.includes(state) ? [`Item ${position} of ${id} is ${state} and still leased`] : []),
  ]);
  const [asked, kept] = [
    videos.map(({ id: externalId, url }) => `${externalId} ${url}`),
    items.map(({ externalId, url }) => `${externalId} ${url}`),
  ];
  if (asked.join('\n') !== kept.join('\n')) {
    faults.push(`Import ${id} has ${kept.length} items, which differ from the ${asked.length} posted ones`);
  }
  return faults;
}

function faultsOfCounters(row: ImportRow, items: readonly ItemRow[]): string[] {
  const count = (state: string): number => items.filter((item) => item.state === state).length;
  const recount = {
    total: items.length,
    success: count('success'),
    skipped: count('skipped'),
    failed: count('failed'),
  };
  const { total, success, skipped, failed } = row;
  const kept = JSON.stringify({ total, success, skipped, failed });
  const faults: string[] = [];
  if (kept !== JSON.stringify(recount)) {
    faults.push(`Import ${row.id} counts ${kept}, but the recount is ${JSON.stringify(recount)}`);
  }
  const state = recount.success + recount.skipped > 0 ? 'success' : 'failed';
  if (!row.finished || row.state !== state) faults.push(`Import ${row.id} is ${row.state}, not ${state}`);
  return faults;
}
