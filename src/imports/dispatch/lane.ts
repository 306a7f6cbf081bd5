/** The items of one import that come from one host and wait: where one of them cannot go on, none of them can. */
export interface Lane {
  projectId: number;
  importId: string;
  /** Order of acceptance of the import. */
  sequence: bigint;
  host: string;
}

/** Items that are queued or running. */
export interface UnderWay {
  projectId: number;
  importId: string;
  host: string;
  count: number;
  /** Those of them that wait in Bull. */
  queued: number;
}

/** What a round takes from one lane. */
export interface Portion {
  lane: Lane;
  /** One for each item: how many of the project's items are under way with it. Also its priority in Bull. */
  turns: number[];
}
