import type { Codes } from './codes.js';
import type { FileInHand } from './define-media-kind.js';
import type { Tools } from './tools.js';

/** A step of the import of files, besides those of Reelport. */
export interface StepDefinition<C extends Codes = Codes> {
  readonly name: string;
  /** Names of kinds of media, or all of them. */
  readonly kinds: readonly string[] | 'all';
  /** `identify`: on the downloaded bytes; `store`: on an identified file. */
  readonly before: 'identify' | 'store';
  /** `new`: only bytes that the project has not stored yet; `every`: also bytes that it has. Default: `new`. */
  readonly files?: 'new' | 'every';
  /** Time limit in milliseconds. */
  readonly timeoutMs: number;
  readonly codes: C;

  /** @throws the error of `tools.fail()` to fail the item; anything else counts as an internal error */
  run(file: FileInHand, tools: Tools<keyof C & string>): Promise<void>;
}

/** A step in an extension. */
export interface StepPart extends Omit<StepDefinition, 'run'> {
  run(file: FileInHand, tools: Tools): Promise<void>;
}

/** Defines a step. */
export function defineStep<const C extends Codes>(definition: StepDefinition<C>): StepPart;
export function defineStep(definition: StepPart): StepPart {
  return { ...definition };
}
