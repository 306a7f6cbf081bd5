import type { ApiClient, NewVideo } from '../../support/api.js';
import type { TestProject } from '../../support/accounts.js';
import type { Receiver } from '../../support/receiver.js';

/** A project and its client. */
export interface Partner {
  project: TestProject;
  api: ApiClient;
}

/** Where the end of an import is told, and what is to become of it. */
export interface PostedWebhook {
  receiver: Receiver;
  /** Of this import alone. */
  path: string;
  /** `failed` where the receiver refuses for good. Default `delivered`. */
  ends?: 'delivered' | 'failed';
}

/** A batch that was taken in: what the audit holds the database, the disk and the webhooks against. */
export interface PostedImport {
  id: string;
  partner: Partner;
  systemName: string;
  videos: readonly NewVideo[];
  webhook?: PostedWebhook | undefined;
  /** How often it came to an end: once, and once more for every retry. */
  ends: number;
}
