/**
 * - `empty`: no bytes at all.
 * - `truncated`: a video was begun, and the file ends before what its own header promises.
 * - `not-a-video`: something else, a video that cannot be read, or a container without a video track.
 */
export type NotAVideoKind = 'not-a-video' | 'empty' | 'truncated';

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
 * - `timed-out`: reading took longer than the limit.
 * - `out-of-memory`: reading needed more memory than the limit.
 * - `crashed`: the thread that read the file ended.
 * - `unreadable`: the operating system did not hand the bytes out.
 * - `closed`: the prober was closed before this file had its turn.
 */
export type ProbeFailure = 'timed-out' | 'out-of-memory' | 'crashed' | 'unreadable' | 'closed';

/** Nothing can be said about the file: it was too hard to read within the limits, or could not be read at all. */
export class ProbeFailedError extends Error {
  override readonly name = 'ProbeFailedError';

  constructor(
    readonly failure: ProbeFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
