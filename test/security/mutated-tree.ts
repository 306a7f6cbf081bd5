import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The part of a vitest report that is used here. */
interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

export interface SpecRun {
  readonly passed: number;
  /** Names of the failed tests. */
  readonly failed: readonly string[];
}

/** Copied, because linked files would import the original ones. */
const COPIED = ['libs', 'src', 'test/downloads', 'test/support'];
const LINKED = ['node_modules', 'test/fixtures', 'test/demo', 'test/security', 'test/bench'];
// Without the services that other specs need. The timeouts end tests that wait for something that a mutation prevents.
const CONFIG = `export default {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: { testTimeout: 20000, hookTimeout: 30000, include: ['libs/**/*.spec.ts', 'src/**/*.spec.ts', 'test/downloads/*.spec.ts'] },
};
`;
// A run that hangs counts as failed.
const RUN_TIMEOUT_MS = 120_000;

/** A copy of the code that can be mutated and tested without touching the original. */
export class MutatedTree {
  private constructor(private readonly folder: string) {}

  /** @param root the tree to copy */
  static async copyOf(root: string): Promise<MutatedTree> {
    const folder = await mkdtemp(join(tmpdir(), 'reelport-mutations-'));
    for (const part of COPIED) await cp(join(root, part), join(folder, part), { recursive: true });
    for (const file of ['package.json', 'tsconfig.json']) await cp(join(root, file), join(folder, file));
    for (const name of LINKED) await symlink(resolve(root, name), join(folder, name));
    await writeFile(join(folder, 'vitest.config.mjs'), CONFIG);
    return new MutatedTree(folder);
  }

  /** Runs specs with one text of a file replaced. */
  async runWith(file: string, find: string, replace: string, specs: readonly string[]): Promise<SpecRun> {
    const path = join(this.folder, file);
    const original = await readFile(path, 'utf8');
    await writeFile(
      path,
      original.replace(find, () => replace),
    );
    try {
      return await this.run(specs);
    } finally {
      await writeFile(path, original);
    }
  }

  /** Runs specs file by file, until the first failure. */
  async run(specs: readonly string[]): Promise<SpecRun> {
    const output = join(this.folder, 'report.json');
    await rm(output, { force: true });
    const finished = await this.vitest([
      '--bail=1',
      '--no-file-parallelism',
      '--reporter=json',
      `--outputFile=${output}`,
      ...specs,
    ]);
    if (!finished) return { passed: 0, failed: ['(run timed out)'] };
    const report: Report = JSON.parse(await readFile(output, 'utf8'));
    const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
    const failed = results
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages: [message = ''] }) =>
        message.includes('timed out') ? `(timed out) ${fullName}` : fullName,
      );
    return { passed: report.numPassedTests, failed };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** False if it had to be killed. */
  private vitest(options: readonly string[]): Promise<boolean> {
    const entry = join(this.folder, 'node_modules/vitest/vitest.mjs');
    const child = spawn(process.execPath, [entry, 'run', ...options], {
      cwd: this.folder,
      stdio: 'ignore',
      timeout: RUN_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    return new Promise((done, fail) => {
      child.once('error', fail);
      child.once('exit', (_, signal) => done(signal === null));
    });
  }
}
