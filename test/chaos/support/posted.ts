import type { ApiClient, NewVideo } from '../../support/api.js';
import type { TestProject } from '../../support/accounts.js';
import type { Receiver } from '../../support/receiver.js';

export interface Partner {
  project: TestProject;
  api: ApiClient;
}

/** The receiver of a webhook, and the expected outcome of the delivery. */
export interface PostedWebhook {
  receiver: Receiver;
  /** Used by this import only. */
  path: string;
  /** `failed` if the receiver rejects it permanently. Default: `delivered`. */
  ends?: 'delivered' | 'failed';
}

/** An accepted batch, which the audit compares with the database, the disk and the webhooks. */
export interface PostedImport {
  id: string;
  partner: Partner;
  systemName: string;
  videos: readonly NewVideo[];
  webhook?: PostedWebhook | undefined;
  /** How often it finishes: once, and once more for every retry. */
  ends: number;
}
