import type { ThreadEntry } from '#libs/threads';
import type { Environment } from './config/environment.js';
import type { Extension } from './extension/define-extension.js';
import { Extensions } from './extension/extensions.js';
import { videos } from './videos/videos.extension.js';

/**
 * The extensions of a process: videos, the first kind, and those that a team lists.
 *
 * @param entry the program, which processes of isolated kinds run again; without it they are not isolated
 */
export function installedExtensions(
  environment: Readonly<Environment>,
  extensions: readonly Extension[],
  entry?: ThreadEntry,
): Extensions {
  return new Extensions([videos(environment), ...extensions], entry);
}
