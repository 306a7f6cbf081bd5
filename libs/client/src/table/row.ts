import type { Fault } from './fault.js';

/** An entry of the input. */
export interface Row {
  /** Line of the input on which it begins, from 1; for JSON the position of the entry. */
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
}

export type RowOrFault = { readonly row: Row } | { readonly fault: Fault };
