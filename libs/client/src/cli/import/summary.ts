import { commandName } from '../command-name.js';
import { ExitCode } from '../exit-codes.js';
import { data, jsonOf, message } from '../output.js';
import type { Counters } from './progress.js';
import type { FailureCount } from './results.js';
import { counted } from './units.js';

export interface SummaryOptions {
  readonly json: boolean;
  /** Plural noun for people. */
  readonly kind: string;
  readonly result?: string;
  /** The arguments that name the imports. */
  readonly imports: string;
}

/**
 * Prints the totals: JSON on stdout with `--json`, sentences on stderr otherwise.
 *
 * @returns the exit code
 */
export function summarize(
  counters: Counters,
  failures: readonly FailureCount[],
  { json, kind, result, imports }: SummaryOptions,
): number {
  const { total, success, skipped, failed } = counters;
  if (json) {
    const byCode: Record<string, number> = {};
    for (const { code, count } of failures) byCode[code] = (byCode[code] ?? 0) + count;
    data(`${jsonOf({ total, success, skipped, failed, failures: byCode })}\n`);
  } else {
    message(
      `${counted(total, kind)}: ${success} imported, ${skipped} skipped, ${failed} failed` +
        (result === undefined ? '' : `; results in ${result}`),
    );
    const sorted = failures.toSorted((one, other) => other.count - one.count);
    for (const { code, count, reason } of sorted) message(`  ${count} × ${code}: ${reason}`);
    if (failed > 0) message(`For what to do about failed items, run: ${commandName()} failures ${imports}`);
  }
  return failed > 0 ? ExitCode.itemsFailed : ExitCode.ok;
}
