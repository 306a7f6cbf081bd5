import type { S3Client } from '@aws-sdk/client-s3';

export interface S3ClientOptions {
  /** Default `us-east-1`, which is also what most servers other than Amazon's want to hear. */
  region?: string;
  /** Only for servers other than Amazon's: `https://minio.example.org`. */
  endpoint?: string;
  /** Both or none; without them the SDK looks in its usual places (environment, profile, role of the machine). */
  accessKeyId?: string;
  secretAccessKey?: string;
  /** The bucket in the path and not in the host name. Default true with an `endpoint`, false without. */
  forcePathStyle?: boolean;
  /** Differences from `DEFAULT_TIMEOUTS`. */
  timeouts?: Partial<S3Timeouts>;
}

/** Milliseconds after which a call of the SDK counts as failed; it is sent at most three times. */
export interface S3Timeouts {
  connectMs: number;
  /** No byte in either direction. */
  idleMs: number;
  /** From the first byte of the request to the headers of the answer: a part of 5 MiB takes this long at 18 kB/s. */
  requestMs: number;
}

const DEFAULT_TIMEOUTS: S3Timeouts = { connectMs: 5_000, idleMs: 60_000, requestMs: 300_000 };

/** The SDK and a client made with it. */
export interface S3 {
  sdk: typeof import('@aws-sdk/client-s3');
  client: S3Client;
}

/** Loads the SDK, which takes a quarter of a second and 24 MB of memory: only who uses S3 is to pay for it. */
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
      // The SDK's own default is to wait for ever.
      connectionTimeout: connectMs,
      socketTimeout: idleMs,
      // A server that sends a byte now and then is never idle.
      requestTimeout: requestMs,
      throwOnRequestTimeout: true,
    },
  });
  return { sdk, client };
}
