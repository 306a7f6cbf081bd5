import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutate } from './mutate.js';
import { seeded } from './random.js';

/** An order to write a mutant. */
export interface MutantOrder {
  /** Folder of the fixtures. */
  folder: string;
  seed: number;
  number: number;
  /** File to write. */
  path: string;
}

export interface Mutant {
  number: number;
  /** Name of the mutated fixture. */
  name: string;
  path: string;
  /** Bytes. */
  size: number;
}

let fixtures: Array<{ name: string; bytes: Buffer }> | undefined;

function fixturesIn(folder: string): Array<{ name: string; bytes: Buffer }> {
  return readdirSync(folder)
    .filter((name) => !/\.(json|md|mjs|sh)$/.test(name))
    .toSorted()
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }))
    .filter(({ bytes }) => bytes.length > 0);
}

// A process of its own: what the making leaves to the garbage collector must not count as memory of the reader.
process.once('disconnect', () => process.exit(0));
process.on('message', ({ folder, seed, number, path }: MutantOrder) => {
  fixtures ??= fixturesIn(folder);
  const random = seeded(Math.imul(seed, 0x9e3779b1) + number);
  const fixture = random.of(fixtures);
  if (fixture === undefined) throw new Error(`There are no fixtures in ${folder}`);
  const bytes = mutate(fixture.bytes, random);
  writeFileSync(path, bytes);
  const mutant: Mutant = { number, name: fixture.name, path, size: bytes.length };
  process.send?.(mutant);
});
