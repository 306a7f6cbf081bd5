/** The value that this share of all values does not exceed (nearest rank). @param share 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const value = values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)];
  if (value === undefined) throw new RangeError('No values, no percentile');
  return value;
}

/** The middle value, or the mean of the two middle values. */
export function median(values: readonly number[]): number {
  const half = values.length / 2;
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  if (low === undefined || high === undefined) throw new RangeError('No values, no median');
  return (low + high) / 2;
}

/** The arithmetic mean. */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('No values, no mean');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation of a sample, with n − 1; 0 for a single value. */
export function standardDeviation(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return values.length === 1 ? 0 : Math.sqrt(squares / (values.length - 1));
}

/**
 * Rise of a value per unit of time: the slope of the least-squares line.
 *
 * @param points pairs of time and value, with at least two different times
 */
export function slope(points: ReadonlyArray<readonly [time: number, value: number]>): number {
  const [time, value] = [mean(points.map(([at]) => at)), mean(points.map(([, then]) => then))];
  const spread = points.reduce((sum, [at]) => sum + (at - time) ** 2, 0);
  if (!(spread > 0)) throw new RangeError('A slope needs two different times');
  return points.reduce((sum, [at, then]) => sum + (at - time) * (then - value), 0) / spread;
}
