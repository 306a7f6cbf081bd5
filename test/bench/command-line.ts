import { Argument, Command, InvalidArgumentError } from 'commander';
import { FIGURES } from './figures/all.js';
import type { Figure } from './support/figure.js';

export interface BenchOptions {
  figures: Figure[];
  rounds: number;
  quick: boolean;
  profile: boolean;
  json?: string;
  guard?: string;
  /** Variables of the product. */
  set: Record<string, string>;
}

/** Reads the command line; ends the process where it is wrong, or asks for help. */
export function readCommandLine(argv: readonly string[]): BenchOptions {
  const command = new Command('npm run bench --')
    .description('Measures how fast Reelport is on this machine.')
    .addArgument(
      new Argument('[figures...]', 'what to measure; default: everything').choices(
        FIGURES.map(({ name }) => name),
      ),
    )
    .option('--rounds <n>', 'rounds of which the median counts (default: 5, quick: 2)', wholeNumber)
    .option('--quick', 'the short form, with fewer and smaller videos', false)
    .option('--json <file>', 'where the results go (default: a new file below bench-results/)')
    .option('--guard <file>', 'results to hold the ratios against: fails when one is more than 25 % worse')
    .option('--profile', 'write V8 CPU profiles of the API and the workers below bench-results/', false)
    .option('--set <NAME=VALUE>', 'a variable of the product; may be repeated', assignment, {})
    .parse(argv);
  const { rounds, quick, ...rest } = command.opts<
    Omit<BenchOptions, 'figures' | 'rounds'> & { rounds?: number }
  >();
  const names = new Set(command.args);
  return {
    ...rest,
    quick,
    rounds: rounds ?? (quick ? 2 : 5),
    figures: FIGURES.filter(({ name }) => names.size === 0 || names.has(name)),
  };
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('A number from 1 to 99.');
  return Number(text);
}

function assignment(text: string, before: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('NAME=VALUE.');
  return { ...before, [name]: value };
}
