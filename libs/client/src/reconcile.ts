import { chunksOf, linesOf } from './lines.js';

export interface ReconcileOptions {
  readonly systemName: string;
  /** `videos` by default. */
  readonly kind?: string;
  /** Of the manifest. */
  readonly format: 'csv' | 'ndjson';
  readonly signal?: AbortSignal;
}

/** How the server has read the manifest. */
export interface ReconcileManifest {
  readonly type: 'manifest';
  readonly systemName: string;
  readonly kind: string;
  readonly format: 'csv' | 'ndjson';
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  readonly byteOrderMark: boolean;
  /** Of CSV. */
  readonly delimiter?: string;
  readonly columns: ReadonlyArray<'externalId' | 'sha256' | 'size'>;
  /** Of CSV. */
  readonly ignoredColumns?: readonly string[];
}

export interface ReconciledFile {
  /** Lower-case hex. */
  readonly sha256?: string;
  /** Bytes. */
  readonly size?: number;
}

/** A line of the manifest that cannot be read, or repeats an `externalId`. */
export interface ReconcileFault {
  readonly type: 'fault';
  readonly line: number;
  /** Character of the line, from 1. */
  readonly column?: number;
  readonly field?: string;
  readonly sentence: string;
}

/** `rows` is the sum of `matched`, `missing`, `different` and `faults`. */
export interface ReconcileSummary {
  readonly type: 'summary';
  readonly rows: number;
  readonly matched: number;
  readonly missing: number;
  readonly extra: number;
  readonly different: number;
  readonly faults: number;
}

export type ReconcileLine =
  | ReconcileManifest
  | {
      readonly type: 'missing';
      readonly externalId: string;
      readonly line: number;
      readonly expected?: ReconciledFile;
    }
  | {
      readonly type: 'extra';
      readonly externalId: string;
      readonly mediaId: string;
      readonly actual: ReconciledFile;
    }
  | {
      readonly type: 'different';
      readonly externalId: string;
      readonly line: number;
      readonly mediaId: string;
      readonly expected: ReconciledFile;
      readonly actual: ReconciledFile;
    }
  | ReconcileFault
  | ReconcileSummary;

/** The response ended before its summary, so that it proves nothing. */
export class InterruptedReconciliationError extends Error {
  override readonly name = 'InterruptedReconciliationError';

  constructor(cause?: unknown) {
    super('The response ended before its summary, so nothing is proved; run it again', { cause });
  }
}

/** Reads the response of a reconciliation. */
export async function* readReconciliation(body: ReadableStream<Uint8Array>): AsyncGenerator<ReconcileLine> {
  let isComplete = false;
  try {
    for await (const text of linesOf(chunksOf(body))) {
      const line: ReconcileLine = JSON.parse(text);
      isComplete = line.type === 'summary';
      yield line;
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    throw new InterruptedReconciliationError(error);
  }
  if (!isComplete) throw new InterruptedReconciliationError();
}
