import { createHash, randomUUID } from 'node:crypto';

/** Minimum size of every part but the last. */
const LEAST_PART = 5 * 1024 * 1024;

export interface S3Object {
  body: Buffer;
  contentType: string;
  modifiedAt: Date;
}

interface MultipartUpload {
  key: string;
  contentType: string;
  parts: Map<number, Buffer>;
}

export class S3Fault extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
  }
}

export function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

/** A bucket in memory, with its unfinished multipart uploads. */
export class S3Bucket {
  readonly objects = new Map<string, S3Object>();
  readonly uploads = new Map<string, MultipartUpload>();

  put(key: string, body: Buffer, contentType: string, onlyIfNew: boolean): void {
    if (onlyIfNew && this.objects.has(key)) throw new S3Fault(412, 'PreconditionFailed');
    this.objects.set(key, { body, contentType, modifiedAt: new Date() });
  }

  get(key: string): S3Object {
    const object = this.objects.get(key);
    if (!object) throw new S3Fault(404, 'NoSuchKey');
    return object;
  }

  createUpload(key: string, contentType: string): string {
    const id = randomUUID();
    this.uploads.set(id, { key, contentType, parts: new Map() });
    return id;
  }

  upload(id: string): MultipartUpload {
    const upload = this.uploads.get(id);
    if (!upload) throw new S3Fault(404, 'NoSuchUpload');
    return upload;
  }

  completeUpload(id: string, named: { number: number; etag: string }[], onlyIfNew: boolean): void {
    const { key, contentType, parts } = this.upload(id);
    const bodies = named.map(({ number, etag }, index) => {
      const body = parts.get(number);
      if (!body || etagOf(body) !== etag) throw new S3Fault(400, 'InvalidPart');
      if (index > 0 && number <= (named[index - 1]?.number ?? 0)) throw new S3Fault(400, 'InvalidPartOrder');
      if (index < named.length - 1 && body.length < LEAST_PART) throw new S3Fault(400, 'EntityTooSmall');
      return body;
    });
    this.put(key, Buffer.concat(bodies), contentType, onlyIfNew);
    this.uploads.delete(id);
  }
}
