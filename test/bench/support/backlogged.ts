import type { ApiClient } from '../../support/api.js';
import { writeBacklog } from './backlog.js';
import type { Bench } from './bench-run.js';
import type { BenchInstallation } from './bench-installation.js';
import { workOn, type Throughput } from './throughput.js';

const BYTES = 28_000;
/** Maximum batch size of the API. */
const BATCH = 10_000;
const PROJECT = 'bench';
/** Backlogs up to this size are refilled continuously, because they would shrink noticeably during a measurement. */
const REFILLED_UP_TO = BATCH;
/** Number of imports in such a backlog, which are refilled one by one. */
const PORTIONS = 4;

/** An installation with a backlog and without a worker. */
export interface Backlogged {
  installation: BenchInstallation;
  api: ApiClient;
  /** Runs a worker on the backlog for this number of seconds. */
  work: (seconds: number) => Promise<Throughput>;
}

export async function backlogged(bench: Bench, size: number): Promise<Backlogged> {
  const installation = await bench.install({ workers: 0 });
  const api = await installation.client(PROJECT);
  const folders = bench.origin.hosts.map((host) => `${bench.origin.address(host)}/${BYTES}/0`);
  const write = (name: string, imports: number, itemsPerImport: number): Promise<void> =>
    writeBacklog(installation.database, { project: PROJECT, name, imports, itemsPerImport, folders });
  if (size > REFILLED_UP_TO) {
    await write('import', size / BATCH, BATCH);
    await installation.database.query('ANALYZE');
    return {
      installation,
      api,
      work: (seconds) => workOn(installation, { seconds, api, importId: 'import1' }),
    };
  }
  const portion = size / PORTIONS;
  let written = 0;
  const feed = async (ended: number): Promise<void> => {
    for (; written - ended < size; written += portion) await write(`import${written / portion}x`, 1, portion);
  };
  await feed(0);
  return {
    installation,
    api,
    work: (seconds) => workOn(installation, { seconds, api, importId: 'import0x1', feed }),
  };
}
