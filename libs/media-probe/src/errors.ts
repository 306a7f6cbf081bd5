export const NOT_A_VIDEO_KINDS = ['not-a-video', 'empty', 'truncated'] as const;

export const PROBE_FAILURES = [
  'timed-out',
  'out-of-memory',
  'crashed',
  'unreadable',
  'unavailable',
  'closed',
] as const;

/**
 * - `empty`: no bytes at all.
 * - `truncated`: a video was begun, and the file ends before what its own header promises.
 * - `not-a-video`: something else, a video that cannot be read, or a container without a video track.
 */
export type NotAVideoKind = (typeof NOT_A_VIDEO_KINDS)[number];

/** The file was looked at and is not a video we take; trying again cannot help. */
export class NotAVideoError extends Error {
  override readonly name = 'NotAVideoError';

  /**
   * @param kind what sort of refusal it is
   * @param reason one short clause for partners, such as "the file is an MP3 audio file"; holds nothing from the file
   */
  constructor(
    readonly kind: NotAVideoKind,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/**
 * Failures to which the file drove its reader:
 * - `timed-out`: reading took more processor time than the limit.
 * - `out-of-memory`: reading needed more memory than the limit.
 * - `crashed`: the process that read the file ended.
 *
 * Failures that say nothing about the file:
 * - `unreadable`: the operating system did not hand the bytes out.
 * - `unavailable`: no process could be started to read it, or the machine did not let it work.
 * - `closed`: the prober was closed before the file was read.
 */
export type ProbeFailure = (typeof PROBE_FAILURES)[number];

const CAUSED_BY_FILE: ReadonlySet<ProbeFailure> = new Set(['timed-out', 'out-of-memory', 'crashed']);

/** The file was not read to a verdict: it exceeded a limit, or could not be read at all. */
export class ProbeFailedError extends Error {
  override readonly name = 'ProbeFailedError';

  constructor(
    readonly failure: ProbeFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether the file itself drove its reader to this, and would probably do so again. */
  get isCausedByFile(): boolean {
    return CAUSED_BY_FILE.has(this.failure);
  }
}
