import { join } from 'node:path';
import type { Bench } from '../support/bench-run.js';
import type { Figure, Row } from '../support/figure.js';
import { runImport } from '../support/import-run.js';
import type { BenchInstallation } from '../support/bench-installation.js';
import { profileClock, readProfile, timeByGroup } from '../support/profile/cpu-profile.js';
import { groupOf } from '../support/profile/groups.js';
import { processTime, serviceTime, threadsOf, threadTime } from '../support/profile/processor-time.js';
import { median } from '../support/statistics.js';

const BYTES = 28_000;

export const breakdown: Figure = {
  name: 'breakdown',
  question: 'Where does the processor time of one small video go?',
  when: 'whole',
  measure: async (bench) => {
    if (process.platform !== 'linux')
      throw new Error('Processor times require /proc, which only Linux provides');
    const count = bench.amount(500, 5_000);
    const rounds = await processorTimes(bench, count);
    const shares = await profiledShares(bench, count);
    const of = (part: string): number[] => rounds.map((round) => round[part] ?? 0);
    return [
      row('PostgreSQL', of('PostgreSQL')),
      row('Redis', of('Redis')),
      ...shares.api.map(([group, share]) => row(`API: ${group}`, scaled(of('API'), share))),
      ...shares.worker.map(([group, share]) =>
        row(`worker: ${group}`, scaled(of('worker, first thread'), share)),
      ),
      row('worker: threads that probe and write', of('worker, own threads')),
      row('worker: file system and V8 threads', of('worker, others')),
      row('origin, not part of the product', of('origin')),
    ];
  },
};

function row(what: string, rounds: number[]): Row {
  const id = `breakdown.${what.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
  return { id, what, unit: 'ms', better: 'lower', value: median(rounds), rounds, absolute: {} };
}

function scaled(values: readonly number[], share: number): number[] {
  return values.map((value) => value * share);
}

/** Milliseconds per video of each process, without a profiler, which would add its own time. */
async function processorTimes(bench: Bench, count: number): Promise<Array<Record<string, number>>> {
  const installation = await bench.install({ workers: 1 });
  const api = await installation.client('bench');
  const [worker] = installation.workers;
  if (worker === undefined) throw new Error('The installation has no worker');
  // Threads that exist before the first video belong to Node; later ones belong to the product.
  const first = new Set(threadsOf(worker.pid));
  const read = (): Record<string, number> => {
    const own = threadsOf(worker.pid).filter((thread) => !first.has(thread));
    const ownThreads = own.reduce((sum, thread) => sum + threadTime(worker.pid, thread), 0);
    const main = threadTime(worker.pid, worker.pid);
    return {
      PostgreSQL: serviceTime(process.pid, /^postgres/),
      Redis: serviceTime(process.pid, /^(redis|valkey)/),
      API: processTime(installation.api.pid),
      'worker, first thread': main,
      'worker, own threads': ownThreads,
      'worker, others': processTime(worker.pid) - main - ownThreads,
      origin: processTime(bench.origin.pid),
    };
  };
  const round = async (): Promise<Record<string, number>> => {
    const urls = bench.origin.urls({ name: bench.name(), count, bytes: BYTES });
    const before = read();
    await runImport(api, urls);
    return Object.fromEntries(
      Object.entries(read()).map(([part, time]) => [part, (time - (before[part] ?? 0)) / count]),
    );
  };
  const rounds = await bench.repeat(round, round);
  await installation.remove();
  return rounds;
}

type Shares = Array<[group: string, share: number]>;

/** Shares of function groups in the time of the main threads, the largest first. */
async function profiledShares(bench: Bench, count: number): Promise<{ api: Shares; worker: Shares }> {
  const installation = await bench.install({ workers: 1, profile: true });
  const api = await installation.client('bench');
  const run = () => runImport(api, bench.origin.urls({ name: bench.name(), count, bytes: BYTES }));
  await run();
  const begin = profileClock();
  await run();
  const end = profileClock();
  await installation.stopWorkers();
  await installation.api.stop();
  const shares = (role: 'api' | 'worker', process: string): Shares => {
    const profile = readProfile(join(profilesOf(installation), process));
    const times = [...timeByGroup(profile, { begin, end }, groupOf(role))];
    const all = times.reduce((sum, [, time]) => sum + time, 0);
    return times.map(([group, time]): [string, number] => [group, time / all]).sort(([, a], [, b]) => b - a);
  };
  return { api: shares('api', 'api'), worker: shares('worker', 'worker-1') };
}

function profilesOf({ profiles }: BenchInstallation): string {
  if (profiles === undefined) throw new Error('The installation wrote no profiles');
  return profiles;
}
