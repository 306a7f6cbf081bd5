import { ExitCode } from '../exit-codes.js';
import { data, message } from '../output.js';
import type { Counters } from './progress.js';
import type { FailureCounts } from './results.js';
import { counted } from './units.js';

export interface SummaryOptions {
  readonly json: boolean;
  /** Plural noun for people. */
  readonly kind: string;
  readonly result?: string;
}

/**
 * Prints the totals: JSON on stdout with `--json`, sentences on stderr otherwise.
 *
 * @returns the exit code
 */
export function summarize(
  counters: Counters,
  failures: FailureCounts,
  { json, kind, result }: SummaryOptions,
): number {
  const { total, success, skipped, failed } = counters;
  if (json) {
    const byCode = Object.fromEntries([...failures].map(([code, { count }]) => [code, count]));
    data(`${JSON.stringify({ total, success, skipped, failed, failures: byCode })}\n`);
  } else {
    message(
      `${counted(total, kind)}: ${success} imported, ${skipped} skipped, ${failed} failed` +
        (result === undefined ? '' : `; results in ${result}`),
    );
    const sorted = [...failures].toSorted(([, one], [, other]) => other.count - one.count);
    for (const [code, { count, reason }] of sorted) message(`  ${count} × ${code}: ${reason}`);
  }
  return failed > 0 ? ExitCode.itemsFailed : ExitCode.ok;
}
