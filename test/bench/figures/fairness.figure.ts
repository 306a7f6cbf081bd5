import type { ApiClient, FinishedStatus } from '../../support/api.js';
import type { Bench } from '../support/bench-run.js';
import type { Figure } from '../support/figure.js';
import { batchOf, runImport, type RunningStatus } from '../support/import-run.js';
import { median } from '../support/statistics.js';
import { until } from '../support/until.js';

const BYTES = 28_000;
const FEW = 100;
const BATCH = 10_000;
const BUDGET = 2;
/** Once so many of the backlog have ended, it has what it can get of the worker. */
const UNDER_WAY = 100;

export const fairness: Figure = {
  name: 'fairness',
  question: "How long does a batch of 100 take behind another project's 100 000, to its time alone?",
  when: 'always',
  measure: async (bench) => {
    const installation = await bench.install({ workers: 1 });
    const few = await installation.client('few');
    const many = await installation.client('many');
    const [own, ...others] = bench.origin.hosts;
    if (own === undefined) throw new Error('The origin has no host');
    const round = async (): Promise<number> => (await runImport(few, files(bench, FEW, [own]))).seconds;

    const alone = median(await bench.repeat(round, round));
    const backlogSize = bench.amount(5_000, 100_000);
    const hosts = others.length > 0 ? others : [own];
    const backlog = await postBacklog(many, files(bench, backlogSize, hosts));
    await until('the backlog to be under way', async () => (await endedOf(many, backlog)) >= UNDER_WAY);
    const behind = await bench.repeat(round, round);
    if ((await endedOf(many, backlog)) === backlogSize) throw new Error('The backlog did not last');
    const ratios = behind.map((seconds) => seconds / alone);
    return [
      {
        id: 'fairness.few-behind-many',
        what: `${FEW} videos behind another project's ${backlogSize}, to their time alone`,
        unit: '×',
        better: 'lower',
        value: median(ratios),
        rounds: ratios,
        budget: BUDGET,
        absolute: {
          behind: { value: median(behind) * 1_000, unit: 'ms' },
          alone: { value: alone * 1_000, unit: 'ms' },
        },
      },
    ];
  },
};

function files(bench: Bench, count: number, hosts: readonly string[]): string[] {
  return bench.origin.urls({ name: bench.name(), count, bytes: BYTES, hosts });
}

/** @returns the ids of the imports */
async function postBacklog(api: ApiClient, urls: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (let start = 0; start < urls.length; start += BATCH) {
    ids.push(await api.importVideos('bench', batchOf(urls.slice(start, start + BATCH))));
  }
  return ids;
}

/** Items of these imports that have ended. */
async function endedOf(api: ApiClient, ids: readonly string[]): Promise<number> {
  let ended = 0;
  for (const id of ids) {
    const { body } = await api.status<FinishedStatus | RunningStatus>(id);
    ended += body.finished ? body.overview.total : body.progress.total - body.progress.pending;
  }
  return ended;
}
