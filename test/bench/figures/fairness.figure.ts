import type { ApiClient, FinishedStatus } from '../../support/api.js';
import type { Bench } from '../support/bench-run.js';
import type { Figure } from '../support/figure.js';
import { batchOf, runImport, type RunningStatus } from '../support/import-run.js';
import { median } from '../support/statistics.js';
import { until } from '../../support/until.js';

const BYTES = 28_000;
const FEW = 100;
const BATCH = 10_000;
const BUDGET = 2;
/** Finished items of the backlog that show its full share of the worker. */
const IN_PROGRESS = 100;
/** Runs per round: one import of a hundred is too short for a single measurement. */
const TIMES = 5;
/** V8 compiles during the first thousands of videos, which must not affect the time alone. */
const WARM_UPS = 8;

export const fairness: Figure = {
  name: 'fairness',
  question: 'How long do 100 videos take behind 100 000 of another project, relative to their time alone?',
  when: 'always',
  measure: async (bench) => {
    const installation = await bench.install({ workers: 1 });
    const few = await installation.client('few');
    const many = await installation.client('many');
    const [own, ...others] = bench.origin.hosts;
    if (own === undefined) throw new Error('The origin has no host');
    const run = async (): Promise<number> => {
      const times: number[] = [];
      for (let time = 0; time < TIMES; time++) {
        times.push((await runImport(few, files(bench, FEW, [own]))).seconds);
      }
      return median(times);
    };
    const backlogSize = bench.amount(5_000, 100_000);
    const hosts = others.length > 0 ? others : [own];
    const round = async (): Promise<{ alone: number; behind: number }> => {
      const alone = await run();
      const backlog = await postBacklog(many, files(bench, backlogSize, hosts));
      await until('progress of the backlog', async () => (await endedOf(many, backlog)) >= IN_PROGRESS);
      const behind = await run();
      if ((await endedOf(many, backlog)) === backlogSize)
        throw new Error('The backlog ended before the measurement');
      await cancel(many, backlog);
      return { alone, behind };
    };
    const rounds = await bench.repeat(round, run, WARM_UPS);
    const ratios = rounds.map(({ alone, behind }) => behind / alone);
    return [
      {
        id: 'fairness.few-behind-many',
        what: `${FEW} videos behind ${backlogSize} of another project, relative to their time alone`,
        unit: '×',
        better: 'lower',
        value: median(ratios),
        rounds: ratios,
        budget: BUDGET,
        absolute: {
          behind: { value: median(rounds.map(({ behind }) => behind)) * 1_000, unit: 'ms' },
          alone: { value: median(rounds.map(({ alone }) => alone)) * 1_000, unit: 'ms' },
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

/** Cancels the rest of a backlog, so that the next round starts on an idle installation. */
async function cancel(api: ApiClient, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const { status } = await api.call('POST', `/api/v1/imports/${id}/cancel`);
    // A finished import answers 409.
    if (status !== 200 && status !== 409) throw new Error(`Cancelling was answered ${status}`);
  }
  for (const id of ids) await api.finished(id);
}

/** Number of finished items of these imports. */
async function endedOf(api: ApiClient, ids: readonly string[]): Promise<number> {
  let ended = 0;
  for (const id of ids) {
    const { body } = await api.status<FinishedStatus | RunningStatus>(id);
    ended += body.finished ? body.overview.total : body.progress.total - body.progress.pending;
  }
  return ended;
}
