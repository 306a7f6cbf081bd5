/** A way in which an item can fail. */
export interface Code {
  /** Sentence for the partner, without a full stop; a clause may follow after a colon. */
  readonly sentence: string;
  /** Whether a retry can help. */
  readonly retryable: boolean;
  /** What the partner can do, in one or two sentences without a full stop at the end; shown with grouped failures. */
  readonly cure?: string;
}

/** Codes by name, such as `NOT_AN_IMAGE`. */
export type Codes = Readonly<Record<string, Code>>;

/** Codes that each say what to do, as those of Reelport itself must. */
export type CuredCodes = Readonly<Record<string, Code & Required<Pick<Code, 'cure'>>>>;

/** Details of a failure. */
export interface FailOptions {
  /** Added to the sentence after a colon; without addresses, URLs and secrets. */
  readonly clause?: string;
  /** Overrides the code's own value. */
  readonly retryable?: boolean;
  /** For the log only. */
  readonly cause?: unknown;
}

/** Creates the error to throw if an item fails with one of these codes. */
export type Fail<C extends string> = (code: C, options?: FailOptions) => Error;
