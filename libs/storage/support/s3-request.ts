import type { IncomingHttpHeaders } from 'node:http';

/** The properties of a request that tests use to select it. */
export interface S3Request {
  method: string;
  key: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
}
