import { Argument, Command, InvalidArgumentError } from 'commander';
import { FIGURES } from './figures/all.js';
import type { Effort } from './support/bench-run.js';
import type { Figure } from './support/figure.js';

export interface BenchOptions extends Effort {
  figures: Figure[];
  profile: boolean;
  json?: string;
  guard?: string;
  keep?: string;
  /** Result files to report instead of measuring. */
  from: string[];
  plots?: string;
  /** Documents whose figures are updated. */
  report: string[];
  /** Environment variables of the product. */
  set: Record<string, string>;
}

/** Reads the command line; exits on an error or a request for help. */
export function readCommandLine(argv: readonly string[]): BenchOptions {
  const command = new Command('npm run bench --')
    .description('Measures the performance of Reelport on this machine.')
    .addArgument(
      new Argument('[figures...]', 'figures to measure; default: all of the form').choices(
        FIGURES.map(({ name }) => name),
      ),
    )
    .option('--rounds <n>', 'rounds for the median (default: 5, quick: 2)', wholeNumber)
    .option('--quick', 'the short form, with fewer and smaller videos', false)
    .option('--videos <n>', 'number of videos of `endurance`', wholeNumber, 100_000)
    .option('--minutes <n>', 'duration of `endurance`; 0: as fast as possible', wholeNumber, 0)
    .option('--json <file>', 'file for the results (default: a new one below bench-results/)')
    .option('--guard <file>', 'file with kept ratios; fails if one is beyond its bound, twice in a row')
    .option('--keep <file>', 'measures the figures ten times, and writes their ratios for --guard')
    .option('--from <file>', 'results to report instead of measuring; may be repeated', oneMore, [])
    .option('--plots <folder>', 'writes plots as SVG')
    .option('--report <file>', 'updates the figures of a document; may be repeated', oneMore, [])
    .option('--profile', 'write V8 CPU profiles of the API and the workers below bench-results/', false)
    .option('--set <NAME=VALUE>', 'environment variable of the product; may be repeated', assignment, {})
    .parse(argv);
  const { rounds, quick, ...rest } = command.opts<
    Omit<BenchOptions, 'figures' | 'rounds'> & { rounds?: number }
  >();
  const names = new Set(command.args);
  const isUsual = ({ when }: Figure): boolean => when === 'always' || (when === 'whole' && !quick);
  return {
    ...rest,
    quick,
    rounds: rounds ?? (quick ? 2 : 5),
    figures: FIGURES.filter((figure) => (names.size === 0 ? isUsual(figure) : names.has(figure.name))),
  };
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}

function oneMore(text: string, before: string[]): string[] {
  return [...before, text];
}

function assignment(text: string, before: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Expected NAME=VALUE.');
  return { ...before, [name]: value };
}
