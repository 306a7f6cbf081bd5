import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FloorJob, FloorResult } from '../floor/floor.js';
import { Child } from './child.js';
import { emptyFiles } from './empty-files.js';
import { script } from './root.js';

/** The baseline as a process that stays warm between rounds, like the product. */
export class FloorProcess {
  private runs = 0;

  private constructor(
    private readonly child: Child,
    private readonly folder: string,
  ) {}

  /** @param folder on the same disk as the videos of the product */
  static start(folder: string): FloorProcess {
    return new FloorProcess(Child.start('The baseline', script('floor/floor.js'), {}), join(folder, 'floor'));
  }

  /** Downloads all files, then truncates them to free the disk. */
  async run(urls: readonly string[], concurrency: number): Promise<FloorResult> {
    this.runs += 1;
    const folder = join(this.folder, String(this.runs));
    await mkdir(folder, { recursive: true });
    const job: FloorJob = { urls, concurrency, folder };
    const result = await this.child.message(job);
    await emptyFiles(folder);
    if (!isResult(result)) throw this.child.failure('returned no result');
    return result;
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}

function isResult(value: unknown): value is FloorResult {
  return typeof value === 'object' && value !== null && 'seconds' in value && 'bytes' in value;
}
