/** `plan` of an import. */
export interface Plan {
  readonly totals: {
    readonly create: number;
    readonly update: number;
    readonly skip: number;
    readonly fail: number;
  };
  readonly bytes: number;
  readonly estimatedSeconds: number | null;
}

/** Totals of the plans of a list. */
export class Prediction {
  create = 0;
  update = 0;
  skip = 0;
  fail = 0;
  /** To download, as far as the archive declares sizes. */
  bytes = 0;
  /** Null if the throughput of a host is unknown. The imports of a list share their hosts. */
  estimatedSeconds: number | null = 0;

  add({ totals, bytes, estimatedSeconds }: Plan): void {
    this.create += totals.create;
    this.update += totals.update;
    this.skip += totals.skip;
    this.fail += totals.fail;
    this.bytes += bytes;
    // Nothing to download takes no time.
    const seconds = totals.create + totals.update === 0 ? 0 : estimatedSeconds;
    this.estimatedSeconds =
      seconds === null || this.estimatedSeconds === null ? null : this.estimatedSeconds + seconds;
  }
}
