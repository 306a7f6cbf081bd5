import type { EntityManager } from 'typeorm';
import type { Codes } from './codes.js';
import type { Shape, ShapeOf } from './shape.js';
import type { ItemInHand, KindTools } from './tools.js';

/** An item of a plain kind: what every item has, and the fields of its shape. */
export interface PlainItem<I extends Shape = Shape> extends ItemInHand {
  readonly fields: ShapeOf<I>;
}

/** An item with what `process` returned for it. */
export interface DoneItem<I extends Shape, O> {
  readonly item: PlainItem<I>;
  readonly outcome: O;
}

/** Result of a recorded item. */
export interface RecordedItem<R extends Shape = Shape> {
  readonly state: 'success' | 'skipped';
  /** Why it was skipped. */
  readonly reason?: string;
  readonly result: ShapeOf<R>;
}

/** A kind of things that are not files. */
export interface KindDefinition<
  I extends Shape = Shape,
  R extends Shape = Shape,
  C extends Codes = Codes,
  O extends object = object,
> {
  /** Plural, such as `captions`: in the paths, in the status, and as `kind` of imports. */
  readonly name: string;
  /** Singular, such as `caption`. */
  readonly noun: string;
  /** Fields of an entry of the batch besides `id` and `title`. */
  readonly item: I;
  /** What a successful or skipped item tells. */
  readonly result: R;
  /** Fields of the result that are columns of the report. */
  readonly report: ReadonlyArray<keyof R & string>;
  readonly codes: C;
  /** Time limit of `process` in milliseconds. */
  readonly processMs: number;
  /** How many items one process processes at once; unlimited by default. */
  readonly atOnce?: number;

  /** URL of the item whose host the throttle counts; null if no host is contacted. */
  host(fields: ShapeOf<I>): string | null;

  /**
   * Does the slow work of one item, without writing to the database.
   *
   * @throws the error of `tools.fail()` to fail the item; anything else counts as an internal error
   */
  process(item: PlainItem<I>, tools: KindTools<keyof C & string, PlainItem<I>>): Promise<O>;

  /**
   * Writes outcomes in the transaction that finishes the items. It must not commit, and may lock only its own tables.
   *
   * @returns one result for each outcome, in the same order
   */
  record(tx: EntityManager, done: ReadonlyArray<DoneItem<I, O>>): Promise<Array<RecordedItem<R>>>;

  /**
   * Tidies up after the commit.
   *
   * @param recorded null if the outcome did not count
   */
  settle?(outcome: O, recorded: RecordedItem<R> | null): Promise<void>;
}

/** A plain kind in an extension. */
export interface PlainKindPart extends Omit<
  KindDefinition,
  'host' | 'process' | 'record' | 'settle' | 'report'
> {
  readonly form: 'plain';
  readonly report: readonly string[];
  host(fields: object): string | null;
  process(item: PlainItem, tools: KindTools<string, PlainItem>): Promise<object>;
  record(tx: EntityManager, done: ReadonlyArray<DoneItem<Shape, object>>): Promise<RecordedItem[]>;
  settle(outcome: object, recorded: RecordedItem | null): Promise<void>;
}

/** Defines a kind of things that are not files. */
export function defineKind<
  const I extends Shape,
  const R extends Shape,
  const C extends Codes,
  O extends object,
>(definition: KindDefinition<I, R, C, O>): PlainKindPart;
export function defineKind(
  definition: Omit<PlainKindPart, 'form' | 'settle'> & Partial<Pick<PlainKindPart, 'settle'>>,
): PlainKindPart {
  return { settle: () => Promise.resolve(), ...definition, form: 'plain' };
}
