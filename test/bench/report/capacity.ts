import type { Row } from '../support/figure.js';

/** Inputs that depend on the installation and are not measured. */
export interface Assumptions {
  /** Duration of the whole import in days. */
  days: number;
  /** Average size of a video in bytes. */
  videoBytes: number;
  /** Available share of the measured throughput, 0 to 1. */
  utilisation: number;
  /** PostgreSQL connections per process: its pool and the one that listens. */
  connections: number;
  /** API processes. */
  apis: number;
}

/** Measurements in base units. */
export interface Measures {
  /** Small videos per second and worker. */
  rate: number;
  /** Bytes per second and worker, with large videos. */
  throughput: number;
  /** Database bytes per video: its item, the video, the stored file. */
  rowBytes: number;
  /** Database bytes per pending item. */
  pendingBytes: number;
  /** Redis bytes with the longest backlog measured. */
  redisBytes: number;
}

export interface Capacity {
  videosPerDay: number;
  bytesPerDay: number;
  storedBytes: number;
  rows: number;
  databaseBytes: number;
  pendingBytes: number;
  redisBytes: number;
  workers: number;
  connections: number;
  /** Duration with one worker, at the available share of its throughput. */
  daysOfOneWorker: number;
}

/** Database rows per video: its item, the video, the stored file. */
const ROWS = 3;
const SECONDS_A_DAY = 86_400;

/** The needs of an archive. */
export function capacityFor(
  videos: number,
  { rate, throughput, rowBytes, pendingBytes, redisBytes }: Measures,
  { days, videoBytes, utilisation, connections, apis }: Assumptions,
): Capacity {
  // A worker needs time per video and time per byte.
  const secondsPerVideo = 1 / rate + videoBytes / throughput;
  const daysOfOneWorker = (videos * secondsPerVideo) / utilisation / SECONDS_A_DAY;
  const workers = Math.ceil(daysOfOneWorker / days);
  return {
    videosPerDay: videos / days,
    bytesPerDay: (videos * videoBytes) / days,
    storedBytes: videos * videoBytes,
    rows: videos * ROWS,
    databaseBytes: videos * rowBytes,
    pendingBytes: videos * pendingBytes,
    redisBytes,
    workers,
    connections: (workers + apis) * connections,
    daysOfOneWorker,
  };
}

/** The measurements that the capacity depends on; undefined if one is missing. */
export function measuresOf(rows: readonly Row[]): Measures | undefined {
  const find = (id: string): Row | undefined => rows.find((row) => row.id === id);
  const values = [
    find('small.two-processes.c48')?.absolute['product']?.value,
    find('large.60mb')?.absolute['product']?.value,
    find('size.item')?.value,
    find('size.video')?.value,
    find('size.asset')?.value,
    find('size.pending')?.value,
    find('scale.redis')?.value,
  ];
  if (!values.every((value) => value !== undefined)) return undefined;
  const [rate = 0, megabytes = 0, item = 0, video = 0, asset = 0, pendingBytes = 0, redis = 0] = values;
  return {
    rate,
    throughput: megabytes * 1e6,
    rowBytes: item + video + asset,
    pendingBytes,
    redisBytes: redis * 1e6,
  };
}
