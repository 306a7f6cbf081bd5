import { stackWithCauses } from '../../http/error-stack.js';

/**
 * Code of an extension failed while it recorded outcomes. What it threw is only text here, so that its own outages do
 * not count as outages of our database.
 */
export class KindError extends Error {
  override readonly name = 'KindError';

  /** @param thrown what the code threw, if it threw */
  constructor(message: string, thrown?: unknown) {
    super(message);
    if (thrown !== undefined) this.stack = `${this.name}: ${message}\nCaused by: ${stackWithCauses(thrown)}`;
  }
}
