import type { Queue } from 'bull';
import type { EntityManager } from 'typeorm';

/** What a job in Bull carries: the row is read again, because only the row decides. */
export interface ItemJob {
  itemId: string;
}

/** One entry of a batch on its way in. */
export interface NewItem<Payload extends object = object> {
  externalId: string;
  title: string;
  /** Must be JSON; comes back in `ClaimedItem`. */
  payload: Payload;
  /** More fields of the payload: the texts of what lost digits when it was parsed. */
  exact?: Partial<Payload> | undefined;
  /** Host that the item is fetched from. */
  originHost: string;
}

/** An item that this worker owns. */
export interface ClaimedItem<Payload extends object = object> {
  id: string;
  /** Tells this claim of the item from any other. */
  claim: number;
  /** Tries before this one. */
  tries: number;
  /** How the attempt before this one failed; null where there was none. */
  lastCode: string | null;
  importId: string;
  /** Order of acceptance of the import. */
  sequence: bigint;
  projectId: number;
  systemName: string;
  externalId: string;
  title: string;
  payload: Payload;
  originHost: string;
}

/** How one item ended well. */
export interface ItemResult<Result extends object = object> {
  state: 'success' | 'skipped';
  /** Why it was skipped. */
  reason?: string;
  /** Kept in the row; input of `ImportKind.resultSql`. */
  result: Result;
}

/** What an import is about, as far as the API and the dispatcher have to know it. */
export interface ImportKind {
  /** Kept in `imports.kind`; also the name of the list in the status. */
  readonly name: string;
  readonly queue: Queue<ItemJob>;
  /** Name of the result of one item in the status. */
  readonly resultName: string;
  /** SQL that makes the JSON of a result from `item.result` and `resultParameters`, the first of which is `$1`. */
  readonly resultSql: string;
  readonly resultParameters: readonly string[];
  /** Columns of the report that are the kind's own: the SQL of each, from `item.result` and `resultParameters`. */
  readonly reportColumns: Readonly<Record<string, string>>;
}

/** An item that went through `ItemWorker.process`. */
export interface ProcessedItem<Payload extends object = object, Outcome extends object = object> {
  item: ClaimedItem<Payload>;
  outcome: Outcome;
}

/** The work itself, as the worker process does it. */
export interface ItemWorker<
  Payload extends object = object,
  Outcome extends object = object,
  Result extends object = object,
> {
  /**
   * Everything that takes time: fetching, checking, storing. Writes nothing to the database.
   *
   * @throws ItemFailure where the item cannot be done; the signal's reason where it was aborted
   */
  process(item: ClaimedItem<Payload>, signal: AbortSignal): Promise<Outcome>;

  /** Whether the host of the item has answered on the way to an outcome. */
  heardHost(outcome: Outcome): boolean;

  /** Writes outcomes in the recorder's transaction, with as few statements as possible; results in the same order. */
  record(
    tx: EntityManager,
    processed: ReadonlyArray<ProcessedItem<Payload, Outcome>>,
  ): Promise<Array<ItemResult<Result>>>;

  /** Told after the commit, or when an outcome came too late to count, so that what nobody refers to can be removed. */
  settle(outcome: Outcome, result: ItemResult<Result> | null): Promise<void>;
}
