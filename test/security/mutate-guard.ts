import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { say, table } from '../demo/screen.js';
import { MutatedTree, type SpecRun } from './mutated-tree.js';
import { DOWNLOAD_MUTATIONS } from './mutations.downloads.js';
import { type Mutation, MUTATIONS } from './mutations.js';

/** Number of parallel lanes: the cores of a small machine. */
const LANES = 2;

interface Verdict {
  readonly mutation: Mutation;
  readonly run: SpecRun;
}

/** Mutations whose text does not occur exactly once in their file, which makes the list outdated. */
async function outdated(mutations: readonly Mutation[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name, file, find } of mutations) {
    const count = (await readFile(file, 'utf8')).split(find).length - 1;
    if (count !== 1) wrong.push(`${name}: its text occurs ${count} times in ${file}`);
  }
  return wrong;
}

/** Takes mutations from the shared list and runs their specs until the list is empty. */
async function lane(remaining: Mutation[], verdicts: Verdict[]): Promise<void> {
  const tree = await MutatedTree.copyOf('.');
  try {
    for (let mutation = remaining.shift(); mutation; mutation = remaining.shift()) {
      const { name, file, find, replace, specs } = mutation;
      const run = await tree.runWith(file, find, replace, specs);
      verdicts.push({ mutation, run });
      say(`${run.failed.length > 0 ? '✓' : '✗'} ${name}: ${run.failed[0] ?? 'survived'}`);
    }
  } finally {
    await tree.remove();
  }
}

/** Runs the specs without any mutation: they must pass, or a failure would prove nothing. */
async function baseline(mutations: readonly Mutation[]): Promise<SpecRun> {
  const tree = await MutatedTree.copyOf('.');
  try {
    return await tree.run([...new Set(mutations.flatMap(({ specs }) => specs))]);
  } finally {
    await tree.remove();
  }
}

/**
 * Removes every check of the guard and of downloads in turn, and verifies that a test fails.
 *
 * @param wanted parts of names; none selects all
 * @param only part of the path of the specs to run, instead of the listed specs
 * @returns the exit code: 0 if every mutation made a test fail
 */
async function main(wanted: readonly string[], only: string | undefined): Promise<number> {
  const mutations = [...MUTATIONS, ...DOWNLOAD_MUTATIONS]
    .filter(
      ({ name, file }) => wanted.length === 0 || wanted.some((part) => `${file}: ${name}`.includes(part)),
    )
    .map((mutation) => (only === undefined ? mutation : { ...mutation, specs: [only] }));
  const wrong = await outdated(mutations);
  if (wrong.length > 0 || mutations.length === 0) {
    say(wrong.join('\n') || 'No mutation has this name');
    return 1;
  }
  const { passed, failed } = await baseline(mutations);
  if (failed.length > 0 || passed === 0) {
    say(`Without any mutation, ${passed} tests passed and these failed:\n${failed.join('\n')}`);
    return 1;
  }
  say(`${passed} tests passed without a mutation; running ${mutations.length} mutations:`);
  const verdicts: Verdict[] = [];
  const remaining = [...mutations];
  await Promise.all(Array.from({ length: LANES }, () => lane(remaining, verdicts)));

  verdicts.sort((a, b) => mutations.indexOf(a.mutation) - mutations.indexOf(b.mutation));
  const rows = verdicts.map(
    ({
      mutation: { file, name },
      run: {
        failed: [first = 'SURVIVED'],
      },
    }) => [file.replace(/^libs\/([^/]+)\/src/, '$1'), name, first.slice(0, 80)],
  );
  table(['file', 'removed check', 'detected by'], rows);
  const survivors = verdicts.filter(({ run }) => run.failed.length === 0).length;
  say(`${verdicts.length - survivors} of ${verdicts.length} mutations were detected`);
  return survivors === 0 ? 0 : 1;
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { only: { type: 'string' } } });
process.exitCode = await main(positionals, values.only);
