import { sentenceOfError } from './sentence.js';

/** For a form or dialog that calls the server: whether it is busy, and why it failed last. */
export class Attempt {
  isBusy = $state(false);
  /** Empty unless the last work has failed. */
  sentence = $state('');

  /** Never throws: what went wrong is in `sentence`. */
  async make(work: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    this.sentence = '';
    try {
      await work();
    } catch (error) {
      this.sentence = sentenceOfError(error);
    } finally {
      this.isBusy = false;
    }
  }
}
