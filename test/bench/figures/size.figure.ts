import type { Client } from 'pg';
import { writeBacklog } from '../support/backlog.js';
import type { Bench } from '../support/bench-run.js';
import type { Figure, Row } from '../support/figure.js';
import { runImport } from '../support/import-run.js';
import { writeFinishedImports, writeLibrary } from '../support/library.js';

const BYTES = 28_000;
const PROJECT = 'bench';
/** Maximum batch size of the API. */
const BATCH = 10_000;

export const size: Figure = {
  name: 'size',
  question: 'How many bytes does a database row take, including indexes?',
  when: 'whole',
  measure: async (bench) => {
    const count = bench.amount(20_000, 1_000_000);
    return [...(await finished(bench, count)), await pending(bench, count)];
  },
};

/** Rows of finished imports, as copies of rows that the product has written. */
async function finished(bench: Bench, count: number): Promise<Row[]> {
  const { database, ...installation } = await open(bench, 1);
  const batch = bench.amount(1_000, BATCH);
  await runImport(installation.api, bench.origin.urls({ name: bench.name(), count: batch, bytes: BYTES }));
  await installation.stop();
  const fresh = (await bytesOf(database, 'import_items')) / batch;
  await writeFinishedImports(database, (count - batch) / batch);
  await writeLibrary(database, 0, count - batch);
  const items = row(
    'item',
    'An item of a finished import',
    (await bytesOf(database, 'import_items')) / count,
  );
  return [
    { ...items, absolute: { 'before vacuum': { value: fresh, unit: 'B' } } },
    row('video', 'A video in the library', (await bytesOf(database, 'videos')) / count),
    row('asset', 'A stored file', (await bytesOf(database, 'assets')) / count),
  ];
}

async function pending(bench: Bench, count: number): Promise<Row> {
  const { database } = await open(bench, 0);
  const folders = bench.origin.hosts.map((host) => `${bench.origin.address(host)}/${BYTES}/0`);
  const itemsPerImport = Math.min(BATCH, count);
  await writeBacklog(database, {
    project: PROJECT,
    name: 'import',
    imports: count / itemsPerImport,
    itemsPerImport,
    folders,
  });
  return row('pending', 'A pending item', (await bytesOf(database, 'import_items')) / count);
}

async function open(bench: Bench, workers: number) {
  const installation = await bench.install({ workers });
  return {
    api: await installation.client(PROJECT),
    database: installation.database,
    stop: () => installation.stopWorkers(),
  };
}

function row(id: string, what: string, value: number): Row {
  return { id: `size.${id}`, what, unit: 'B', better: 'lower', value, rounds: [value], absolute: {} };
}

async function bytesOf(database: Client, table: string): Promise<number> {
  const { rows } = await database.query<{ bytes: string }>('SELECT pg_total_relation_size($1) AS bytes', [
    table,
  ]);
  return Number(rows[0]?.bytes);
}
