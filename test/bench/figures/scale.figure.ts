import type { ApiClient } from '../../support/api.js';
import { writeBacklog } from '../support/backlog.js';
import type { Bench } from '../support/bench-run.js';
import type { Figure, Row } from '../support/figure.js';
import type { Installation } from '../support/installation.js';
import { median } from '../support/statistics.js';
import { workOn, type Throughput } from '../support/throughput.js';

const BYTES = 28_000;
const SHORT = 1_000;
/** What the short backlog is filled up by. */
const PORTION = 250;
/** The largest batch that the API takes. */
const BATCH = 10_000;
const BUDGET = 0.9;
const REDIS_BUDGET_MB = 50;
const PROJECT = 'bench';

export const scale: Figure = {
  name: 'scale',
  question: 'What does a backlog of a million items cost?',
  measure: async (bench): Promise<Row[]> => {
    const size = bench.amount(20_000, 1_000_000);
    const seconds = bench.amount(2, 15);
    const short = await shortBacklog(bench, seconds);
    const long = await longBacklog(bench, size, seconds);
    const rounds = await bench.repeat(async () => ({ short: await short(), long: await long() }), long);
    const ratios = rounds.map((round) => round.long.rate / round.short.rate);
    const redis = rounds.map((round) => round.long.redis);
    const middle = (value: (round: { short: Throughput; long: Throughput }) => number): number =>
      median(rounds.map(value));
    return [
      {
        id: 'scale.throughput',
        what: `Throughput with ${size} pending items, to that with ${SHORT}`,
        unit: '×',
        better: 'higher',
        value: median(ratios),
        rounds: ratios,
        budget: BUDGET,
        absolute: {
          long: { value: middle((round) => round.long.rate), unit: 'videos/s' },
          short: { value: middle((round) => round.short.rate), unit: 'videos/s' },
          'status, long': { value: middle((round) => round.long.status), unit: 'ms' },
          'status, short': { value: middle((round) => round.short.status), unit: 'ms' },
        },
      },
      {
        id: 'scale.redis',
        what: `Redis with ${size} pending items`,
        unit: 'MB',
        better: 'lower',
        value: median(redis),
        rounds: redis,
        budget: REDIS_BUDGET_MB,
        absolute: { short: { value: middle((round) => round.short.redis), unit: 'MB' } },
      },
    ];
  },
};

type Round = () => Promise<Throughput>;

/** The whole backlog at once, in batches as large as a partner may post. */
async function longBacklog(bench: Bench, size: number, seconds: number): Promise<Round> {
  const { installation, api } = await open(bench);
  const backlog = { project: PROJECT, name: 'long', itemsPerImport: BATCH, folders: folders(bench) };
  await writeBacklog(installation.database, { ...backlog, imports: size / BATCH });
  await installation.database.query('ANALYZE');
  return () => workOn(installation, { seconds, api, importId: 'long1' });
}

/** Always as many ahead, however much gets done. */
async function shortBacklog(bench: Bench, seconds: number): Promise<Round> {
  const { installation, api } = await open(bench);
  const backlog = { project: PROJECT, imports: 1, itemsPerImport: PORTION, folders: folders(bench) };
  let written = 0;
  const feed = async (ended: number): Promise<void> => {
    while (written - ended < SHORT) {
      await writeBacklog(installation.database, { ...backlog, name: `short${written / PORTION}x` });
      written += PORTION;
    }
  };
  return () => workOn(installation, { seconds, api, importId: 'short0x1', feed });
}

async function open(bench: Bench): Promise<{ installation: Installation; api: ApiClient }> {
  const installation = await bench.install({ workers: 0 });
  return { installation, api: await installation.client(PROJECT) };
}

function folders({ origin }: Bench): string[] {
  return origin.hosts.map((host) => `${origin.address(host)}/${BYTES}/0`);
}
