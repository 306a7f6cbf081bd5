import { EnvironmentError } from './parse-environment.js';

/** Extensions are faulty; the message has one line per fault, each with the name of the extension. */
export class ExtensionError extends EnvironmentError {
  /** @param faults such as `images: kind "images" has no types` */
  constructor(readonly faults: readonly string[]) {
    super(`Invalid extensions:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}
