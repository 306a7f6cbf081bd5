import { Injectable } from '@nestjs/common';
import { faultyFields } from '../../extension/shape.js';
import { ExtensionCalls, inHand, type ExtensionCall } from '../../imports/run/extension-calls.js';
import { lend } from '../incoming/file-in-hand.js';
import type { DownloadedFile } from '../incoming/downloaded-file.js';
import { MEDIA_FAILURES } from '../media-failures.js';
import type { MediaItem } from '../media-import.js';
import type { IdentifiedFile, MediaKind } from '../media-kind.js';

const COMMON_CODES = { TRUNCATED: MEDIA_FAILURES.TRUNCATED };

/** Lets the kind check and describe a file that the project has not stored yet. */
@Injectable()
export class IdentifyStep {
  constructor(private readonly calls: ExtensionCalls) {}

  /** @throws ItemFailure with a code of the kind, TRUNCATED or INTERNAL; TimeLimitError; the reason of the signal */
  async run(
    { part, slots, identifyMs: limitMs }: MediaKind,
    item: MediaItem,
    file: DownloadedFile,
    signal: AbortSignal,
  ): Promise<IdentifiedFile> {
    const call: ExtensionCall = {
      code: `identify() of kind "${part.name}"`,
      itemId: item.id,
      item: inHand(item),
      codes: { ...COMMON_CODES, ...part.codes },
      limitMs,
      signal,
    };
    return slots.run(signal, async () => {
      const identified = await this.calls.run(call, (tools) =>
        lend(file, (inLoan) => part.identify(inLoan, tools)),
      );
      return this.checked(call, part, identified);
    });
  }

  /** A kind may be written in JavaScript, or read facts from files without checking them. */
  private checked(
    call: ExtensionCall,
    { types, facts: shape }: MediaKind['part'],
    identified: unknown,
  ): IdentifiedFile {
    const { mimeType, facts } = Object(identified);
    const extension: unknown = Object.hasOwn(types, mimeType) ? types[mimeType] : undefined;
    if (typeof mimeType !== 'string' || extension === undefined)
      throw this.calls.broken(call, `returned an undeclared type mimeType=${String(mimeType)}`);
    const own = { ...Object(facts) };
    const faulty = faultyFields(shape, own);
    if (faulty.length > 0)
      throw this.calls.broken(call, `returned facts that do not match its shape fields=${faulty.join()}`);
    return { mimeType, extension: types[mimeType] ?? '', facts: own };
  }
}
