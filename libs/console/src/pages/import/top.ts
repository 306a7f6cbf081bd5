const STEPS = [1, 2, 5, 10];

/** The top of a scale from 0: the next of 1, 2, 5, 10, 20, 50 and so on, so that it stays where values change a little. */
export function topOf(most: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return unit * (STEPS.find((step) => step * unit >= most) ?? 10);
}
