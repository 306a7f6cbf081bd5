import type { ApiClient } from '../../support/api.js';
import { writeBacklog } from './backlog.js';
import type { Bench } from './bench-run.js';
import type { Installation } from './installation.js';
import { workOn, type Throughput } from './throughput.js';

const BYTES = 28_000;
/** The largest batch that the API takes. */
const BATCH = 10_000;
const PROJECT = 'bench';
/** What a backlog of at most so many items loses while it is measured would show: it is filled up all the time. */
const FILLED_UP_TO = BATCH;
/** Parts that such a backlog is made of, and filled up by. */
const PORTIONS = 4;

/** An installation that has so many items to do, and nobody who does them. */
export interface Backlogged {
  installation: Installation;
  api: ApiClient;
  /** Lets a worker work on it for so many seconds. */
  work: (seconds: number) => Promise<Throughput>;
}

export async function backlogged(bench: Bench, size: number): Promise<Backlogged> {
  const installation = await bench.install({ workers: 0 });
  const api = await installation.client(PROJECT);
  const folders = bench.origin.hosts.map((host) => `${bench.origin.address(host)}/${BYTES}/0`);
  const write = (name: string, imports: number, itemsPerImport: number): Promise<void> =>
    writeBacklog(installation.database, { project: PROJECT, name, imports, itemsPerImport, folders });
  if (size > FILLED_UP_TO) {
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
