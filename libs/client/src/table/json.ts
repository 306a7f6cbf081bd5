import { chainUnchecked, none } from 'stream-chain/core';
import { pick } from 'stream-json/core/filters/pick.js';
import { parser } from 'stream-json/core/parser.js';
import { streamArray } from 'stream-json/core/streamers/stream-array.js';
import { linesOf } from '../lines.js';
import { problem } from './fault.js';
import type { TableInput } from './input.js';
import type { RowOrFault } from './row.js';

/** One object per line. */
export async function* readJsonLines(text: AsyncIterable<string>): AsyncGenerator<RowOrFault> {
  let line = 0;
  for await (const content of linesOf(text)) {
    // Each kind of line break ends a line.
    for (const part of content.replace(/\r$/, '').split('\r')) {
      line += 1;
      if (part.trim() === '') continue;
      yield rowOf(line, () => JSON.parse(part));
    }
  }
}

/** An array of entries, or an object with one such array, as in the body of a batch. */
export async function* readJson(input: TableInput): AsyncGenerator<RowOrFault> {
  const isArray = (await firstCharacter(input.text())) === '[';
  let line = 0;
  try {
    for await (const value of isArray ? entriesOf(input.text()) : nestedEntriesOf(input.text())) {
      line += 1;
      yield rowOf(line, () => value);
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    yield { fault: { line: line + 1, ...problem('unreadable', message) } };
  }
}

type Steps = readonly unknown[];

/** Entries of an array. @param steps between the tokens of the text and the array */
async function* entriesOf(text: AsyncIterable<string>, steps: Steps = []): AsyncGenerator {
  const read = chainUnchecked<string | typeof none, { value: unknown }>([parser(), ...steps, streamArray()]);
  for await (const { value } of read(ended(text))) yield value;
}

/** Entries of the first array directly in the object. */
function nestedEntriesOf(text: AsyncIterable<string>): AsyncGenerator {
  let isFound = false;
  const filter = (path: readonly unknown[], { name }: { name?: string } = {}): boolean => {
    const isFirst = !isFound && path.length === 1 && name === 'startArray';
    isFound ||= isFirst;
    return isFirst;
  };
  return entriesOf(text, [pick({ filter })]);
}

/** The chunks of a text, and `none` at its end. */
async function* ended(text: AsyncIterable<string>): AsyncGenerator<string | typeof none> {
  yield* text;
  yield none;
}

async function firstCharacter(text: AsyncIterable<string>): Promise<string> {
  for await (const chunk of text) {
    const [character] = chunk.trimStart();
    if (character !== undefined) return character;
  }
  return '';
}

function rowOf(line: number, read: () => unknown): RowOrFault {
  try {
    const value = read();
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { row: { line, values: Object.fromEntries(Object.entries(value)) } };
    }
    return { fault: { line, ...problem('noObject') } };
  } catch {
    return { fault: { line, ...problem('noJson') } };
  }
}
