import type { IncomingHttpHeaders } from 'node:http';

/** What a request is about, for those who want to disturb it. */
export interface S3Request {
  method: string;
  key: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
}
