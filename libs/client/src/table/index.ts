export { openBlob } from './blob-input.js';
export {
  batchesOf,
  checkInput,
  MAX_SHOWN_FAULTS,
  type Checked,
  type IdLines,
  type Understood,
} from './check.js';
export type { Entry } from './entry.js';
export type { Fault, FaultCode } from './fault.js';
export { detectFormat, type Detected, type InputFormat } from './format.js';
export { IdMap } from './id-map.js';
export type { Encoding, TableInput } from './input.js';
export { completeMapping, guessColumns, METADATA, type FieldColumns, type Mapping } from './mapping.js';
export { Prediction, type Plan } from './prediction.js';
export type { Row, RowOrFault } from './row.js';
export { columnsOf, readRows } from './rows.js';
