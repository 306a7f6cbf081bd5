/** A package cannot be generated. */
export class GenerateError extends Error {
  override readonly name = 'GenerateError';
}
