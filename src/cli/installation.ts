import type { Extension } from '../extension/define-extension.js';
import type { Own } from '../extension/faults.js';

/** What the commands of an installation act on. */
export interface Installation {
  extensions: readonly Extension[];
  /** Names of the kinds that have a metadata schema. */
  mediaKinds: readonly string[];
  /** Starts by command, such as `start:api`. */
  roles: Readonly<Record<string, () => Promise<void>>>;
  /** What extensions must not take. */
  ownNames: () => Promise<Own>;
  /** The entities of Reelport itself. */
  coreEntities: () => Promise<ReadonlyArray<new () => object>>;
  /** The OpenAPI document as text. */
  openApi: () => Promise<string>;
}
