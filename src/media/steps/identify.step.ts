import { Injectable } from '@nestjs/common';
import { ExtensionCalls, inHand, type ExtensionCall } from '../../imports/run/extension-calls.js';
import { checkedFile } from '../identified.js';
import { lend } from '../incoming/file-in-hand.js';
import type { DownloadedFile } from '../incoming/downloaded-file.js';
import { IsolatedKinds } from '../isolation/isolated-kinds.js';
import { MEDIA_FAILURES } from '../media-failures.js';
import type { MediaItem } from '../media-import.js';
import type { IdentifiedFile, MediaKind } from '../media-kind.js';

const COMMON_CODES = { TRUNCATED: MEDIA_FAILURES.TRUNCATED };

/** Lets the kind check and describe a file that the project has not stored yet. */
@Injectable()
export class IdentifyStep {
  constructor(
    private readonly calls: ExtensionCalls,
    private readonly isolated: IsolatedKinds,
  ) {}

  /** @throws ItemFailure with a code of the kind, TRUNCATED, UNREADABLE or INTERNAL; TimeLimitError; the reason of the signal */
  async run(
    kind: MediaKind,
    item: MediaItem,
    file: DownloadedFile,
    signal: AbortSignal,
  ): Promise<IdentifiedFile> {
    const { part, identifyMs: limitMs } = kind;
    const call: ExtensionCall = {
      code: `identify() of kind "${part.name}"`,
      itemId: item.id,
      item: inHand(item),
      codes: { ...COMMON_CODES, ...part.codes },
      limitMs,
      signal,
    };
    const identified = this.isolated.has(part)
      ? await this.isolated.identify(call, file)
      : { returned: await this.inline(kind, call, file) };
    const checked = 'fault' in identified ? identified : checkedFile(part, identified.returned);
    if ('fault' in checked) throw this.calls.broken(call, checked.fault);
    return checked;
  }

  private inline({ part, slots }: MediaKind, call: ExtensionCall, file: DownloadedFile): Promise<unknown> {
    return slots.run(call.signal, () =>
      this.calls.run(call, (tools) => lend(file, (inLoan) => part.identify(inLoan, tools))),
    );
  }
}
