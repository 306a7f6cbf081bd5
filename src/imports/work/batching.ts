import DataLoader from 'dataloader';

/**
 * Calls of many tasks to one statement: what is asked for within a moment goes out together, and while one batch is
 * under way the next one gathers.
 *
 * @param run one result, or Error, per input, in the same order
 * @param options.gatherMs how long the first of a batch waits for company
 */
export function batching<In, Out>(
  run: (inputs: readonly In[]) => Promise<Array<Out | Error>>,
  { maxSize, gatherMs }: { maxSize: number; gatherMs: number },
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
      batchScheduleFn: (dispatch) => void setTimeout(() => void underWay.then(dispatch), gatherMs),
    },
  );
  return (input) => loader.load(input);
}
