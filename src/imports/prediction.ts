/** What an item does to the library, or that it fails. */
export const PREDICTED_ACTIONS = ['create', 'update', 'skip', 'fail'] as const;

export type PredictedAction = (typeof PREDICTED_ACTIONS)[number];

/** The outcome that a plan predicts for an item, stored in its row. */
export interface Prediction {
  action: PredictedAction;
  /** Code of the failure; only for `fail`. */
  code?: string;
  /** Why it will be skipped or will fail, in one sentence. */
  reason?: string;
  /** Whether a retry can help; only for `fail`. */
  retryable?: boolean;
  /** Size of the file, if the source declares it. */
  bytes?: number;
  /** Type of the file, if its first bytes show it. */
  mimeType?: string;
}
