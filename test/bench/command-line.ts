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
  /** Results to tell of, instead of measuring. */
  from: string[];
  plots?: string;
  /** Documents whose figures are written anew. */
  report: string[];
  /** Variables of the product. */
  set: Record<string, string>;
}

/** Reads the command line; ends the process where it is wrong, or asks for help. */
export function readCommandLine(argv: readonly string[]): BenchOptions {
  const command = new Command('npm run bench --')
    .description('Measures how fast Reelport is on this machine.')
    .addArgument(
      new Argument('[figures...]', 'what to measure; default: all that the form has').choices(
        FIGURES.map(({ name }) => name),
      ),
    )
    .option('--rounds <n>', 'rounds of which the median counts (default: 5, quick: 2)', wholeNumber)
    .option('--quick', 'the short form, with fewer and smaller videos', false)
    .option('--videos <n>', 'what `endurance` imports', wholeNumber, 100_000)
    .option(
      '--minutes <n>',
      'the time that `endurance` is spread over; 0: as fast as it goes',
      wholeNumber,
      0,
    )
    .option('--json <file>', 'where the results go (default: a new file below bench-results/)')
    .option('--guard <file>', 'ratios to hold these against: fails when one is more than 25 % worse, twice')
    .option('--keep <file>', 'writes what --guard reads')
    .option('--from <file>', 'results to tell of instead of measuring; may be repeated', oneMore, [])
    .option('--plots <folder>', 'draws what there is to draw as SVG')
    .option('--report <file>', 'writes the figures into a document; may be repeated', oneMore, [])
    .option('--profile', 'write V8 CPU profiles of the API and the workers below bench-results/', false)
    .option('--set <NAME=VALUE>', 'a variable of the product; may be repeated', assignment, {})
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
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number.');
  return Number(text);
}

function oneMore(text: string, before: string[]): string[] {
  return [...before, text];
}

function assignment(text: string, before: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('NAME=VALUE.');
  return { ...before, [name]: value };
}
