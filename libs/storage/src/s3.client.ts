import type { S3Client } from '@aws-sdk/client-s3';

export interface S3ClientOptions {
  /** Default `us-east-1`, which most servers other than Amazon's expect as well. */
  region?: string;
  /** Only for servers other than Amazon's, such as `https://minio.example.org`. */
  endpoint?: string;
  /** Set both or neither; without them the SDK uses its default sources (environment, profile, role of the machine). */
  accessKeyId?: string;
  secretAccessKey?: string;
  /** Whether the bucket is in the path instead of the host name. Default: true with an `endpoint`, false without. */
  forcePathStyle?: boolean;
  /** Overrides of the default timeouts: 5 s, 60 s and 5 min. */
  timeouts?: Partial<S3Timeouts>;
}

/** Milliseconds after which a call of the SDK counts as failed; each call is sent at most three times. */
export interface S3Timeouts {
  connectMs: number;
  /** Without a byte in either direction. */
  idleMs: number;
  /** From the first byte of the request to the headers of the response; allows a part of 5 MiB at 18 kB/s. */
  requestMs: number;
}

const DEFAULT_TIMEOUTS: S3Timeouts = { connectMs: 5_000, idleMs: 60_000, requestMs: 300_000 };

/** The SDK and its client. */
export interface S3 {
  sdk: typeof import('@aws-sdk/client-s3');
  client: S3Client;
}

/**
 * Loads the SDK on demand: it takes a quarter of a second and 24 MB of memory, which only users of S3 should pay for.
 */
export async function connectS3(options: S3ClientOptions): Promise<S3> {
  const sdk = await import('@aws-sdk/client-s3');
  const { region = 'us-east-1', endpoint, accessKeyId, secretAccessKey } = options;
  const { connectMs, idleMs, requestMs } = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const client = new sdk.S3Client({
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
    forcePathStyle: options.forcePathStyle ?? endpoint !== undefined,
    maxAttempts: 3,
    requestHandler: {
      // The SDK waits forever by default.
      connectionTimeout: connectMs,
      socketTimeout: idleMs,
      // A server that sends single bytes is never idle.
      requestTimeout: requestMs,
      throwOnRequestTimeout: true,
    },
  });
  return { sdk, client };
}
