import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import { fastify } from 'fastify';
import { assetPath } from './asset-path.js';

const VIDEO = 'test-pattern.mp4';

/** A web server on loopback with a sample video. */
export interface SampleArchive {
  /** `http://127.0.0.1:port` */
  origin: string;
  videoUrl: string;
  close(): Promise<void>;
}

/** Starts the archive on a free port; it is listening when the promise resolves. */
export async function startSampleArchive(): Promise<SampleArchive> {
  const server = fastify({ forceCloseConnections: true });
  await server.register(fastifyStatic, {
    root: dirname(assetPath(`sample-archive/${VIDEO}`)),
    decorateReply: false,
    index: false,
  });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  return { origin, videoUrl: `${origin}/${VIDEO}`, close: () => server.close() };
}
