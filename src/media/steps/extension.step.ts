import { Injectable } from '@nestjs/common';
import type { StepPart } from '../../extension/define-step.js';
import { ExtensionCalls, inHand } from '../../imports/run/extension-calls.js';
import type { DownloadedFile } from '../incoming/downloaded-file.js';
import { lend } from '../incoming/file-in-hand.js';
import type { MediaItem } from '../media-import.js';

/** Runs the steps of extensions. */
@Injectable()
export class ExtensionStep {
  constructor(private readonly calls: ExtensionCalls) {}

  /**
   * Runs steps one after the other, in the order in which their extensions are listed.
   *
   * @param isNew whether the project has not stored these bytes yet
   * @throws ItemFailure with a code of a step, or INTERNAL; TimeLimitError; the reason of the signal
   */
  async run(
    steps: readonly StepPart[],
    item: MediaItem,
    file: DownloadedFile,
    { isNew, signal }: { isNew: boolean; signal: AbortSignal },
  ): Promise<void> {
    for (const step of steps) {
      if (!isNew && step.files !== 'every') continue;
      const code = `Step "${step.name}" for kind "${item.kind}"`;
      const { codes, timeoutMs: limitMs } = step;
      const call = { code, itemId: item.id, item: inHand(item), codes, limitMs, signal };
      await this.calls.run(call, (tools) => lend(file, (inLoan) => step.run(inLoan, tools)));
    }
  }
}
