import { InitialSchema1795479991317 } from './1795479991317-initial-schema.js';
import { Engine1795532668301 } from './1795532668301-engine.js';
import { BoundedHosts1795833600000 } from './1795833600000-bounded-hosts.js';
import { ReleasedAssets1795834800000 } from './1795834800000-released-assets.js';
import { ListIndexes1795836000000 } from './1795836000000-list-indexes.js';
import { StorageFolder1795837200000 } from './1795837200000-storage-folder.js';
import { ExactMetadata1795838400000 } from './1795838400000-exact-metadata.js';
import { StateChecks1795839600000 } from './1795839600000-state-checks.js';
import { WorkerKinds1795840800000 } from './1795840800000-worker-kinds.js';
import { Media1795842000000 } from './1795842000000-media.js';
import { Events1795843200000 } from './1795843200000-events.js';
import { MetadataSchemas1795844400000 } from './1795844400000-metadata-schemas.js';
import { Plans1795845600000 } from './1795845600000-plans.js';
import { ImportEvents1795846800000 } from './1795846800000-import-events.js';
import { AttemptsAndOrder1795848000000 } from './1795848000000-attempts-and-order.js';
import { ReceiptKeys1795849200000 } from './1795849200000-receipt-keys.js';
import { RemovedMedia1795850400000 } from './1795850400000-removed-media.js';
import { LibrarySearch1795851600000 } from './1795851600000-library-search.js';
import { WebhookResponses1795852800000 } from './1795852800000-webhook-responses.js';

/** Every migration, oldest first. */
export const migrations = [
  InitialSchema1795479991317,
  Engine1795532668301,
  BoundedHosts1795833600000,
  ReleasedAssets1795834800000,
  ListIndexes1795836000000,
  StorageFolder1795837200000,
  ExactMetadata1795838400000,
  StateChecks1795839600000,
  WorkerKinds1795840800000,
  Media1795842000000,
  Events1795843200000,
  MetadataSchemas1795844400000,
  Plans1795845600000,
  ImportEvents1795846800000,
  AttemptsAndOrder1795848000000,
  ReceiptKeys1795849200000,
  RemovedMedia1795850400000,
  LibrarySearch1795851600000,
  WebhookResponses1795852800000,
];
