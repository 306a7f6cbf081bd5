import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer as readAll } from 'node:stream/consumers';
import { S3Bucket } from './s3-bucket.js';
import { answerS3 } from './s3-operations.js';
import type { S3Request } from './s3-request.js';

/** Replaces the normal response: an error, no response at all, or an endless one. */
export type Disturbance = { status: number; code: string } | 'hang' | 'trickle';

/** An S3 endpoint on loopback with one bucket in memory. */
export interface S3Endpoint {
  url: string;
  bucket: S3Bucket;
  requests: S3Request[];
  /** Called for every request; undefined serves it normally. */
  disturb: ((request: S3Request) => Disturbance | undefined) | undefined;
  close(): Promise<void>;
}

/**
 * Starts an endpoint with the part of the S3 protocol that this library uses, as described in the API reference: path
 * style, PutObject, the multipart operations, GetObject with Range, HeadObject, DeleteObject, ListObjectsV2 with pages,
 * `If-None-Match: *`, and the checksums of bodies. It does not verify signatures.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
export async function startS3Endpoint(bucketName: string): Promise<S3Endpoint> {
  const bucket = new S3Bucket();
  const endpoint: S3Endpoint = { url: '', bucket, requests: [], disturb: undefined, close };

  const server = createServer((message, response) => {
    serve(message, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', 'http://localhost');
    const [, name = '', ...rest] = decodeURIComponent(url.pathname).split('/');
    const { method = 'GET', headers } = message;
    const request = { method, key: rest.join('/'), query: url.searchParams, headers };
    endpoint.requests.push(request);
    const disturbance = endpoint.disturb?.(request);
    if (disturbance === 'hang') {
      message.resume();
      return;
    }
    if (disturbance === 'trickle') {
      message.resume();
      // Only interim responses, never a final one.
      const timer = setInterval(() => response.writeProcessing(), 20);
      response.once('close', () => clearInterval(timer));
      return;
    }
    const body = await readAll(message);
    const {
      status,
      headers: answered,
      body: content,
    } = disturbance
      ? { ...disturbance, headers: {}, body: `<Error><Code>${disturbance.code}</Code></Error>` }
      : answerS3(bucket, bucketName, name, request, body);
    response.writeHead(status, { 'content-length': Buffer.byteLength(content), ...answered });
    response.end(method === 'HEAD' ? undefined : content);
  }

  async function close(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server has no port');
  endpoint.url = `http://127.0.0.1:${address.port}`;
  return endpoint;
}
