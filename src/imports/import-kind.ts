import type { EntityManager } from 'typeorm';
import type { Codes } from '../extension/codes.js';
import type { Prediction } from './prediction.js';
import type { StoredEntry } from './request/stored-entry.js';
import type { ResultField } from './result/result-field.js';

/** Data of a Bull job: only the id, because the database row is authoritative and is read again. */
export interface ItemJob {
  itemId: string;
}

/** An item of a batch that is being accepted. */
export interface NewItem<Payload extends object = object> {
  externalId: string;
  title: string;
  /** JSON; returned in `ClaimedItem`. */
  payload: Payload;
  /** Additional payload fields: the source text of numbers that lost digits in parsing. */
  exact?: Partial<Payload> | undefined;
  /** Host from which the item is downloaded; null if none is contacted. */
  originHost: string | null;
}

/** An item that this worker owns. */
export interface ClaimedItem<Payload extends object = object> {
  id: string;
  /** Number that identifies this claim of the item. */
  claim: number;
  /** Attempts before this one. */
  tries: number;
  /** Failure code of the previous attempt; null if there was none. */
  lastCode: string | null;
  kind: string;
  importId: string;
  /** Acceptance order of the import. */
  sequence: bigint;
  projectId: number;
  systemName: string;
  externalId: string;
  title: string;
  payload: Payload;
  originHost: string;
  /** Whether the outcome is only predicted. */
  isPlan: boolean;
}

/** Result of a successful or skipped item. */
export interface ItemResult<Result extends object = object> {
  state: 'success' | 'skipped';
  /** Why it was skipped. */
  reason?: string;
  /** Stored in the row; `ImportKind.result` says which parts of it are shown. */
  result: Result;
}

/** A kind of import, as the API sees it. */
export interface ImportKind {
  /** Stored in `imports.kind`; also the name of the item list in the status. */
  readonly name: string;
  /** Singular: name of the result of an item in the status. */
  readonly noun: string;
  /** Fields of the result of an item, in order; null if the extension that defined the kind is gone. */
  readonly result: readonly ResultField[] | null;
  /** Columns of the report besides those of all kinds. */
  readonly report: readonly ResultField[];
  /** Every code that an item can fail with. */
  readonly codes: Codes;

  /** The URL that an item is downloaded from; null if there is none. @param payload as stored */
  urlOf(payload: object): string | null;

  /** The entry of the batch that an item was made from; URLs are without their queries, which may contain signatures. */
  entryOf(stored: StoredEntry): object;
}

/** An item with the outcome of `ItemWorker.process`. */
export interface ProcessedItem<Payload extends object = object, Outcome extends object = object> {
  item: ClaimedItem<Payload>;
  outcome: Outcome;
}

/** Outcome of `ItemWorker.plan`. */
export interface PlannedOutcome {
  prediction: Prediction;
  /** Whether the host of the item answered. */
  heardHost: boolean;
}

/** Processes the items of one kind in the worker process. */
export interface ItemWorker<
  Payload extends object = object,
  Outcome extends object = object,
  Result extends object = object,
> {
  /** Time limit of `process`, in milliseconds. */
  readonly processMs: number;

  /**
   * Downloads, checks and stores the item: all slow work. Writes nothing to the database.
   *
   * @throws ItemFailure if the item fails; the signal's reason if it is aborted
   */
  process(item: ClaimedItem<Payload>, signal: AbortSignal): Promise<Outcome>;

  /**
   * Predicts the outcome of the item, by the steps of `process` up to the first bytes of the response. Writes nothing.
   * Absent if the kind cannot be planned.
   *
   * @throws ItemFailure if the item would fail; the signal's reason if it is aborted
   */
  plan?(item: ClaimedItem<Payload>, signal: AbortSignal): Promise<PlannedOutcome>;

  /** Whether the host of the item answered during the attempt. */
  heardHost(outcome: Outcome): boolean;

  /**
   * Writes outcomes in the recorder's transaction, with as few statements as possible.
   *
   * @returns one result per outcome, in the same order
   */
  record(
    tx: EntityManager,
    processed: ReadonlyArray<ProcessedItem<Payload, Outcome>>,
  ): Promise<Array<ItemResult<Result>>>;

  /**
   * Called after the commit, or when an outcome arrived too late to count. Removes files that are no longer referenced.
   *
   * @param result null if the outcome was not recorded
   */
  settle(outcome: Outcome, result: ItemResult<Result> | null): Promise<void>;
}
