import DataLoader from 'dataloader';
import { busyness } from './busyness.js';

/** How long the first of a batch waits for company while this process is idle. */
const LEAST_GATHER_MS = 1;

export interface BatchingOptions {
  /** Inputs of one call at most. */
  maxSize: number;
  /**
   * Milliseconds that the first of a batch waits while this process is busy all the time; default: 10. More pays where a
   * call costs much; none of it, where those who ask together come together anyway.
   */
  mostGatherMs?: number;
}

/**
 * Calls of many tasks to one statement: what is asked for within a moment goes out together, and while one batch is
 * under way the next one gathers. The moment is as long as the process is busy: one that has time gains nothing by making
 * anybody wait, and one that has none gets more done in larger batches.
 *
 * @param run one result, or Error, per input, in the same order
 */
export function batching<In, Out>(
  run: (inputs: readonly In[]) => Promise<Array<Out | Error>>,
  { maxSize, mostGatherMs = 10 }: BatchingOptions,
): (input: In) => Promise<Out> {
  let underWay: Promise<unknown> = Promise.resolve();
  const loader = new DataLoader<In, Out>(
    (inputs) => {
      const results = run(inputs);
      underWay = results.catch(() => undefined); // whoever asked gets the error from the loader
      return results;
    },
    {
      cache: false,
      maxBatchSize: maxSize,
      batchScheduleFn: (dispatch) =>
        void setTimeout(() => void underWay.then(dispatch), gatherMs(mostGatherMs)),
    },
  );
  return (input) => loader.load(input);
}

function gatherMs(most: number): number {
  return LEAST_GATHER_MS + (most - LEAST_GATHER_MS) * busyness();
}
