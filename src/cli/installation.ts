import type { Extension } from '../extension/define-extension.js';

/** What the commands of an installation act on. */
export interface Installation {
  extensions: readonly Extension[];
  /** Names of the kinds that have a metadata schema. */
  mediaKinds: readonly string[];
  /** Starts by command, such as `start:api`. */
  roles: Readonly<Record<string, () => Promise<void>>>;
  /** The OpenAPI document as text. */
  openApi: () => Promise<string>;
}
