import type { Environment } from '../config/environment.js';
import { defineExtension, type Extension } from '../extension/define-extension.js';
import { videoKind } from './video-kind.js';
import { VideosApiModule } from './videos-api.module.js';
import { VideosWorkerModule } from './videos-worker.module.js';

/** The first kind: videos. */
export function videos(environment: Readonly<Environment>): Extension {
  return defineExtension({
    name: 'videos',
    kinds: [videoKind(environment)],
    api: [VideosApiModule],
    worker: [VideosWorkerModule],
  });
}
