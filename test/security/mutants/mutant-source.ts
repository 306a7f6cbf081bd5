import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Mutant, MutantOrder } from './mutant-maker.js';

/** Compiled by `npm run build`, also if this file runs from source. */
const MAKER = join(
  import.meta.dirname.replace(/\/dist(?=\/test\/security)/, ''),
  '../../../dist/test/security/mutants/mutant-maker.js',
);

interface Waiting {
  resolve: (mutant: Mutant) => void;
  reject: (error: Error) => void;
}

/** Orders mutants from a process of its own. A mutant depends only on the seed and its number. */
export class MutantSource {
  private readonly waiting = new Map<number, Waiting>();
  private readonly child: ChildProcess;

  constructor(
    private readonly folder: string,
    private readonly seed: number,
  ) {
    this.child = fork(MAKER);
    this.child.on('message', (mutant: Mutant) => {
      this.waiting.get(mutant.number)?.resolve(mutant);
      this.waiting.delete(mutant.number);
    });
    this.child.on('exit', (code) => {
      const error = new Error(`The maker of mutants ended with ${code}`);
      for (const { reject } of this.waiting.values()) reject(error);
    });
  }

  /** @param path file that the mutant is written to */
  mutant(number: number, path: string): Promise<Mutant> {
    const order: MutantOrder = { folder: this.folder, seed: this.seed, number, path };
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      this.child.send(order);
    });
  }

  async close(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }
}
