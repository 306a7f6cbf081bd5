import DataLoader from 'dataloader';
import { busyness } from './busyness.js';

/** How long the first call of a batch waits for others while this process is idle. */
const LEAST_GATHER_MS = 1;

export interface BatchingOptions {
  /** Maximum inputs per batch. */
  maxSize: number;
  /**
   * How long the first call of a batch waits for others while this process is fully busy, in milliseconds; default: 10.
   * Raise it for expensive batches; it is unnecessary if calls arrive together anyway.
   */
  mostGatherMs?: number;
}

/**
 * Combines concurrent calls into batches: calls within a short window run together, and while one batch is in flight
 * the next one collects. The window grows with the load of the process: an idle process gains nothing from waiting, and
 * a busy one achieves more with larger batches.
 *
 * @param run returns one result or Error per input, in the same order
 */
export function batching<In, Out>(
  run: (inputs: readonly In[]) => Promise<Array<Out | Error>>,
  { maxSize, mostGatherMs = 10 }: BatchingOptions,
): (input: In) => Promise<Out> {
  let inFlight: Promise<unknown> = Promise.resolve();
  const loader = new DataLoader<In, Out>(
    (inputs) => {
      const results = run(inputs);
      inFlight = results.catch(() => undefined); // callers get the error from the loader
      return results;
    },
    {
      cache: false,
      maxBatchSize: maxSize,
      batchScheduleFn: (dispatch) =>
        void setTimeout(() => void inFlight.then(dispatch), gatherMs(mostGatherMs)),
    },
  );
  return (input) => loader.load(input);
}

function gatherMs(most: number): number {
  return LEAST_GATHER_MS + (most - LEAST_GATHER_MS) * busyness();
}
