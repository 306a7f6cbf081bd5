import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { etagOf, S3Fault, type S3Bucket } from './s3-bucket.js';
import type { S3Request } from './s3-request.js';

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer | string;
}

/** Serves one request, or returns the error document of S3. */
export function answerS3(
  bucket: S3Bucket,
  bucketName: string,
  askedFor: string,
  request: S3Request,
  body: Buffer,
): Answer {
  try {
    if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 '))
      throw new S3Fault(403, 'AccessDenied');
    if (askedFor !== bucketName) throw new S3Fault(404, 'NoSuchBucket');
    checkBody(request, body);
    return operate(bucket, request, body);
  } catch (error) {
    if (!(error instanceof S3Fault)) throw error;
    return xml(error.status, `<Error><Code>${error.code}</Code><Message>${error.code}</Message></Error>`);
  }
}

function operate(bucket: S3Bucket, request: S3Request, body: Buffer): Answer {
  const { key, query, headers } = request;
  const contentType = headers['content-type'] ?? 'binary/octet-stream';
  const onlyIfNew = headers['if-none-match'] === '*';
  const uploadId = query.get('uploadId') ?? '';
  const multipart = query.has('uploads') ? 'create' : query.has('uploadId') ? 'upload' : 'object';
  switch (`${request.method} ${key === '' ? 'bucket' : multipart}`) {
    case 'PUT object':
      bucket.put(key, body, contentType, onlyIfNew);
      return { status: 200, headers: { etag: etagOf(body) }, body: '' };
    case 'POST create': {
      const id = bucket.createUpload(key, contentType);
      return xml(
        200,
        `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      );
    }
    case 'PUT upload': {
      bucket.upload(uploadId).parts.set(Number(query.get('partNumber')), body);
      const answered: Record<string, string> = { etag: etagOf(body) };
      const checksum = headers['x-amz-checksum-crc32'];
      if (typeof checksum === 'string') answered['x-amz-checksum-crc32'] = checksum;
      return { status: 200, headers: answered, body: '' };
    }
    case 'POST upload':
      bucket.completeUpload(uploadId, partsNamedIn(body.toString()), onlyIfNew);
      return xml(200, `<CompleteMultipartUploadResult><Key>${key}</Key></CompleteMultipartUploadResult>`);
    case 'DELETE upload':
      bucket.upload(uploadId);
      bucket.uploads.delete(uploadId);
      return { status: 204, headers: {}, body: '' };
    case 'GET object':
    case 'HEAD object':
      return get(bucket, request);
    case 'DELETE object':
      bucket.objects.delete(key);
      return { status: 204, headers: {}, body: '' };
    case 'GET bucket':
      return list(bucket, query);
    default:
      throw new S3Fault(501, 'NotImplemented');
  }
}

function get(bucket: S3Bucket, { key, headers }: S3Request): Answer {
  const { body, contentType, modifiedAt } = bucket.get(key);
  const common = {
    'content-type': contentType,
    'last-modified': modifiedAt.toUTCString(),
    etag: etagOf(body),
    'accept-ranges': 'bytes',
  };
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
  if (!range) return { status: 200, headers: { ...common, 'content-length': String(body.length) }, body };
  const start = Number(range[1]);
  if (start >= body.length) throw new S3Fault(416, 'InvalidRange');
  const end = Math.min(range[2] ? Number(range[2]) : Infinity, body.length - 1);
  const length = String(end - start + 1);
  const partial = {
    ...common,
    'content-range': `bytes ${start}-${end}/${body.length}`,
    'content-length': length,
  };
  return { status: 206, headers: partial, body: body.subarray(start, end + 1) };
}

function list(bucket: S3Bucket, query: URLSearchParams): Answer {
  const after = query.get('continuation-token') ?? '';
  const most = Math.min(Number(query.get('max-keys') ?? 1000), 1000);
  const matching = [...bucket.objects]
    .filter(([key]) => key.startsWith(query.get('prefix') ?? '') && key > after)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const page = matching.slice(0, most);
  const truncated = matching.length > page.length;
  const contents = page.map(
    ([key, { body, modifiedAt }]) =>
      `<Contents><Key>${key}</Key><Size>${body.length}</Size><LastModified>${modifiedAt.toISOString()}</LastModified></Contents>`,
  );
  const next = truncated ? `<NextContinuationToken>${page.at(-1)?.[0]}</NextContinuationToken>` : '';
  return xml(
    200,
    `<ListBucketResult><KeyCount>${page.length}</KeyCount><IsTruncated>${truncated}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
  );
}

/** Refuses a body that does not match its headers, like real servers. */
function checkBody({ headers }: S3Request, body: Buffer): void {
  const sha256 = headers['x-amz-content-sha256'];
  if (typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)) {
    if (createHash('sha256').update(body).digest('hex') !== sha256)
      throw new S3Fault(400, 'XAmzContentSHA256Mismatch');
  }
  const announced = headers['x-amz-checksum-crc32'];
  if (typeof announced === 'string') {
    const actual = Buffer.alloc(4);
    actual.writeUInt32BE(crc32(body));
    if (actual.toString('base64') !== announced) throw new S3Fault(400, 'BadDigest');
  }
}

function partsNamedIn(document: string): { number: number; etag: string }[] {
  return [...document.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
    etag: (/<ETag>(.*?)</.exec(part)?.[1] ?? '').replaceAll('&quot;', '"'),
  }));
}

function xml(status: number, document: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>${document}`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
