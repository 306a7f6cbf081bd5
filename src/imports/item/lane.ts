/** The pending items of one import from one host; anything that delays one of them delays all. */
export interface Lane {
  projectId: number;
  importId: string;
  /** Acceptance order of the import. */
  sequence: bigint;
  /** Order among the imports of the project: 1 before 0 before -1. */
  priority: number;
  host: string;
}

/** In-flight items (queued or running) of one import from one host. */
export interface InFlightCount {
  projectId: number;
  importId: string;
  host: string;
  count: number;
  /** The queued ones among them. */
  queued: number;
}

/** Items that a round dispatches from one lane. */
export interface Portion {
  lane: Lane;
  /** Per item, the number of in-flight items of its project, itself included; also its priority in Bull. */
  turns: number[];
}
