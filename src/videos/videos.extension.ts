import { defineExtension } from '../extension/define-extension.js';
import { videoKind } from './video-kind.js';
import { VideosApiModule } from './videos-api.module.js';
import { VideosWorkerModule } from './videos-worker.module.js';

/** The first kind: videos. */
export const videos = defineExtension({
  name: 'videos',
  kinds: [videoKind],
  api: [VideosApiModule],
  worker: [VideosWorkerModule],
});
