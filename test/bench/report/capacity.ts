import type { Row } from '../support/figure.js';

/** What an operator has to know of a machine and a database, and nobody can measure for him. */
export interface Assumptions {
  /** Days in which the whole archive is to be there. */
  days: number;
  /** Bytes of a video, on average. */
  videoBytes: number;
  /** Part of what was measured that is counted on. */
  utilisation: number;
  /** Connections to PostgreSQL of each process: its pool, and the one that listens. */
  connections: number;
  /** Processes that serve the API. */
  apis: number;
}

/** What was measured, in base units. */
export interface Measures {
  /** Small videos a second of one worker. */
  rate: number;
  /** Bytes a second of one worker with large videos. */
  throughput: number;
  /** Bytes of the database for each video: its item, the video, the stored file. */
  rowBytes: number;
  /** Bytes of the database for each item that waits. */
  pendingBytes: number;
  /** Bytes of Redis with the longest backlog that was measured. */
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
  /** Days that one worker would take, at what is counted on of its full speed. */
  daysOfOneWorker: number;
}

/** Rows that each video has: its item, itself, its stored file. */
const ROWS = 3;
const SECONDS_A_DAY = 86_400;

/** What an archive of so many videos needs. */
export function capacityFor(
  videos: number,
  { rate, throughput, rowBytes, pendingBytes, redisBytes }: Measures,
  { days, videoBytes, utilisation, connections, apis }: Assumptions,
): Capacity {
  // A worker takes time for each video, and for each byte.
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

/** What was measured that capacity follows from; undefined where some of it is missing. */
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
