import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import { fastify } from 'fastify';
import { assetPath } from './asset-path.js';
import { sampleList } from './sample-list.js';

const VIDEO = 'test-pattern.mp4';

/** A web server on loopback with a sample video and a list. */
export interface SampleArchive {
  /** `http://127.0.0.1:port` */
  origin: string;
  videoUrl: string;
  /** A CSV of 20 videos. */
  listUrl: string;
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
  server.get('/archive.csv', (request, reply) => {
    const list = sampleList(`http://${request.host}/${VIDEO}`);
    return reply.type('text/csv; charset=utf-8').send(list);
  });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    origin,
    videoUrl: `${origin}/${VIDEO}`,
    listUrl: `${origin}/archive.csv`,
    close: () => server.close(),
  };
}
