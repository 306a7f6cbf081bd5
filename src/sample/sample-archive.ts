import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import { fastify, type FastifyInstance } from 'fastify';
import { assetPath } from '../process/asset-path.js';
import { sampleList } from './sample-list.js';
import { keptPort, keepPort } from './sample-port.js';

const VIDEO = 'test-pattern.mp4';
/** Port of the first start; the documents show it. */
export const SAMPLE_PORT = 41_234;

/** A web server on loopback with a sample video and a list. */
export interface SampleArchive {
  /** `http://127.0.0.1:port` */
  origin: string;
  videoUrl: string;
  /** A CSV of 20 videos. */
  listUrl: string;
  close(): Promise<void>;
}

export interface SampleArchiveOptions {
  /** Folder that keeps the port, so that URLs of the list survive a restart. Default: any free port. */
  dataDir?: string;
  /** Port to use if none is kept. */
  firstPort?: number | undefined;
  /** Called with one line if that port is in use. */
  log?: (line: string) => void;
}

/** Starts the archive; it is listening when the promise resolves. */
export async function startSampleArchive({
  dataDir,
  firstPort = SAMPLE_PORT,
  log = () => undefined,
}: SampleArchiveOptions = {}): Promise<SampleArchive> {
  const wanted = dataDir === undefined ? 0 : (keptPort(dataDir) ?? firstPort);
  const listening = (await listen(wanted)) ?? (await listen(0));
  if (listening === undefined) throw new Error('No port of 127.0.0.1 is free for the sample archive');
  const { server, origin } = listening;
  const port = Number(new URL(origin).port);
  if (wanted !== 0 && port !== wanted)
    log(
      `Port ${wanted} of the sample archive is in use: it listens on port ${port} instead, and earlier copies of the ` +
        'sample list lead nowhere',
    );
  if (dataDir !== undefined) keepPort(dataDir, port);
  return {
    origin,
    videoUrl: `${origin}/${VIDEO}`,
    listUrl: `${origin}/archive.csv`,
    close: () => server.close(),
  };
}

/** @returns undefined if the port is in use */
async function listen(port: number): Promise<{ server: FastifyInstance; origin: string } | undefined> {
  // A server that failed to listen cannot listen again.
  const server = await sampleServer();
  try {
    return { server, origin: await server.listen({ host: '127.0.0.1', port }) };
  } catch (error) {
    await server.close();
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

async function sampleServer(): Promise<FastifyInstance> {
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
  return server;
}
