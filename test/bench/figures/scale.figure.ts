import { backlogged, type Backlogged } from '../support/backlogged.js';
import type { Figure, Row } from '../support/figure.js';
import { median } from '../support/statistics.js';
import { together, type Throughput } from '../support/throughput.js';

const SHORT = 1_000;
const BUDGET = 0.9;
const REDIS_BUDGET_MB = 50;

export const scale: Figure = {
  name: 'scale',
  question: 'What does a backlog of a million items cost?',
  when: 'always',
  measure: async (bench): Promise<Row[]> => {
    const size = bench.amount(20_000, 1_000_000);
    const seconds = bench.amount(2, 10);
    const short = await backlogged(bench, SHORT);
    const long = await backlogged(bench, size);
    const rounds = await bench.repeat(
      () => turns(short, long, seconds),
      () => turns(short, long, seconds),
    );
    const shorts = rounds.map((round) => round.short);
    const longs = rounds.map((round) => round.long);
    const ratios = rounds.map((round) => round.long.rate / round.short.rate);
    const cost = (id: string, what: string, unit: 'ms' | 'MB', of: keyof Throughput): Row => ({
      id: `scale.${id}`,
      what: `${what} with ${size} pending items`,
      unit,
      better: 'lower',
      value: middle(longs, of),
      rounds: longs.map((value) => value[of]),
      absolute: { [`with ${SHORT}`]: { value: middle(shorts, of), unit } },
    });
    return [
      {
        id: 'scale.throughput',
        what: `Throughput with ${size} pending items, relative to ${SHORT}`,
        unit: '×',
        better: 'higher',
        value: median(ratios),
        rounds: ratios,
        budget: BUDGET,
        absolute: {
          long: { value: middle(longs, 'rate'), unit: 'videos/s' },
          short: { value: middle(shorts, 'rate'), unit: 'videos/s' },
        },
      },
      { ...cost('redis', 'Redis memory', 'MB', 'redis'), budget: REDIS_BUDGET_MB },
      cost('dispatch', 'Dispatch round', 'ms', 'dispatch'),
      cost('status', 'Status of an import in progress', 'ms', 'status'),
    ];
  },
};

/** Measures short, long, long, short, so that drift of the machine affects both equally. */
async function turns(
  short: Backlogged,
  long: Backlogged,
  seconds: number,
): Promise<{ short: Throughput; long: Throughput }> {
  const first = await short.work(seconds);
  const longs = [await long.work(seconds), await long.work(seconds)];
  return { short: together([first, await short.work(seconds)]), long: together(longs) };
}

function middle(values: readonly Throughput[], of: keyof Throughput): number {
  return median(values.map((value) => value[of]));
}
