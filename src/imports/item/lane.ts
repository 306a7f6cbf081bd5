/** The pending items of one import from one host: what keeps one of them waiting keeps all of them waiting. */
export interface Lane {
  projectId: number;
  importId: string;
  /** Order of acceptance of the import. */
  sequence: bigint;
  host: string;
}

/** Number of items of one import from one host that are queued or running. */
export interface InFlightCount {
  projectId: number;
  importId: string;
  host: string;
  count: number;
  /** Those of them that are queued. */
  queued: number;
}

/** Items that a round dispatches from one lane. */
export interface Portion {
  lane: Lane;
  /** For each item the number of in-flight items of its project, itself included. Also its priority in Bull. */
  turns: number[];
}
