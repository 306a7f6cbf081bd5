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

/**
 * Rise of a value per unit of time: the slope of the least-squares line.
 *
 * @param points pairs of time and value, with at least two different times
 */
export function slope(points: ReadonlyArray<readonly [time: number, value: number]>): number {
  const mean = (of: 0 | 1): number => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [time, value] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [at]) => sum + (at - time) ** 2, 0);
  if (!(spread > 0)) throw new RangeError('A slope needs two different times');
  return points.reduce((sum, [at, then]) => sum + (at - time) * (then - value), 0) / spread;
}
