/** Imported by the name of its compiled form. */
export function double(value: number): number {
  return value * 2;
}
