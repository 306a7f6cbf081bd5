import type { Codes } from '../../extension/codes.js';
import type { SchemaNames } from '../../extension/schema-names.js';
import type { DtoClass } from '../../http/array-of.decorator.js';
import type { NewItem } from '../import-kind.js';

/** What a kind contributes to its two routes. */
export interface KindRoutes<Entry extends object = object> {
  /** Plural: last segment of the path, list in the batch and in the status. */
  readonly name: string;
  /** Singular: the result of an item in the status. */
  readonly noun: string;
  /** Names of its schemas. */
  readonly schemas: SchemaNames;
  /** DTO of an entry of the batch, which has an `id`. */
  readonly Entry: new () => Entry;
  /** DTO of the result of an item. */
  readonly Result: DtoClass;
  /** Examples for the documentation; both satisfy their DTO. */
  readonly example: { readonly entry: object; readonly result: object };
  /** Fault of an entry, for the documentation. */
  readonly entryFault: readonly [field: string, sentence: string];
  /** Reason of a failed item, for the documentation. */
  readonly failure: { readonly code: string; readonly reason: string; readonly retryable: boolean };
  /** Description of the field that `title` in the status comes from. */
  readonly titleField: string;
  /** What happens with the entries after the response, such as `downloaded and stored`. */
  readonly work: string;
  /** Whether a batch can be planned before it runs. */
  readonly canPlan: boolean;
  /** Every code that an item can fail with. */
  readonly codes: Codes;

  /** @returns the item, or a sentence about a fault of the entry */
  itemOf(entry: Entry): NewItem | string;
}
