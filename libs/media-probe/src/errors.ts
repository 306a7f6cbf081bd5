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
 * - `empty`: the file has no bytes.
 * - `truncated`: the file ends before the end that its header declares.
 * - `not-a-video`: another file type, an unreadable video, or a container without a video track.
 */
export type NotAVideoKind = (typeof NOT_A_VIDEO_KINDS)[number];

/** The file was examined and is not an accepted video; a retry cannot help. */
export class NotAVideoError extends Error {
  override readonly name = 'NotAVideoError';

  /**
   * @param kind the kind of refusal
   * @param reason a short clause for API callers, such as "the file is an MP3 audio file"; contains no data of the file
   */
  constructor(
    readonly kind: NotAVideoKind,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/**
 * Failures caused by the file:
 * - `timed-out`: reading took more processor time than the limit.
 * - `out-of-memory`: reading needed more memory than the limit.
 * - `crashed`: the process that read the file ended.
 *
 * Failures that say nothing about the file:
 * - `unreadable`: the operating system did not deliver the bytes.
 * - `unavailable`: no process could be started, or the machine was too busy to run it.
 * - `closed`: the prober was closed before the file was read.
 */
export type ProbeFailure = (typeof PROBE_FAILURES)[number];

const CAUSED_BY_FILE: ReadonlySet<ProbeFailure> = new Set(['timed-out', 'out-of-memory', 'crashed']);

/** The file could not be classified: reading it exceeded a limit or failed. */
export class ProbeFailedError extends Error {
  override readonly name = 'ProbeFailedError';

  /** @param message for the operator's log */
  constructor(
    readonly failure: ProbeFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether the file caused the failure and would probably cause it again. */
  get isCausedByFile(): boolean {
    return CAUSED_BY_FILE.has(this.failure);
  }
}
