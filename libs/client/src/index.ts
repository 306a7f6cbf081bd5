export { createClient, type Caller, type Client, type ClientOptions } from './client.js';
export { ReelportError, UnexpectedResponseError } from './errors.js';
export type { EventOptions, ImportEvent, WatchedEvent } from './events.js';
export type {
  Batch,
  CreateOptions,
  FailureGroup,
  ImportMode,
  ImportState,
  Imports,
  ImportSummary,
  Item,
  ItemSubset,
  ItemState,
  ReportFormat,
  WaitOptions,
} from './imports.js';
export {
  InterruptedReconciliationError,
  type ReconcileFault,
  type ReconcileLine,
  type ReconcileManifest,
  type ReconcileOptions,
  type ReconcileSummary,
  type ReconciledFile,
} from './reconcile.js';
export {
  ReceiptError,
  verifyReceipt,
  type InclusionProof,
  type LedgerItem,
  type Receipt,
  type VerifyReceiptOptions,
} from './receipt.js';
export type { Media, Medium } from './media.js';
export type { RetryOptions } from './retrying.js';
export type { components, operations, paths } from './schema.js';
export { verifyWebhook, type WebhookEvent } from './webhook.js';
