import { defineExtension } from '../extension/define-extension.js';
import { VideosApiModule } from './videos-api.module.js';
import { VideosWorkerModule } from './videos-worker.module.js';

/** The first kind: videos. */
export const videos = defineExtension({
  name: 'videos',
  api: [VideosApiModule],
  worker: [VideosWorkerModule],
});
