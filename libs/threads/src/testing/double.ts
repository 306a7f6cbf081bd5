/** A neighbour, whose name in the import is that of its compiled form. */
export function double(value: number): number {
  return value * 2;
}
