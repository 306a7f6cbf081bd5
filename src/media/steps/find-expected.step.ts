import { Injectable } from '@nestjs/common';
import type { AssetFacts, KnownMedia, MediaItem, MediaOutcome } from '../media-import.js';
import type { MediaKind } from '../media-kind.js';
import { FindStoredStep } from './find-stored.step.js';

/** Whether a stored file is the one that the item expects, as far as it expects any. */
export function isExpected({ payload }: MediaItem, asset: Pick<AssetFacts, 'sha256' | 'size'>): boolean {
  const { sha256 = asset.sha256, size = asset.size } = payload;
  return asset.sha256 === sha256 && asset.size === size;
}

/**
 * Recognizes the expected bytes of an item among the files of its project, so that nothing is downloaded.
 *
 * Only files of the same project and kind count, as for downloaded bytes: otherwise anyone who learns a hash could
 * obtain the file that another project has, or find out that it has it.
 */
@Injectable()
export class FindExpectedStep {
  constructor(private readonly findStored: FindStoredStep) {}

  /**
   * @param known the medium of the item in the library
   * @returns null if the item expects no hash, or the file has to be downloaded
   */
  async run(
    kind: MediaKind,
    item: MediaItem,
    known: KnownMedia | null,
  ): Promise<Exclude<MediaOutcome, { superseded: true }> | null> {
    const { sha256, url } = item.payload;
    if (sha256 === undefined || wantsEveryFile(kind)) return null;
    const isCurrent = known !== null && known.asset.sha256 === sha256;
    const asset = isCurrent ? known.asset : await this.findStored.run(item, { sha256 });
    if (asset === null || !isExpected(item, asset)) return null;
    // Validators describe what a source sent; this one was not asked.
    const kept = isCurrent && known.sourceUrl === url ? known : { etag: null, lastModified: null };
    const validators = { etag: kept.etag, lastModified: kept.lastModified };
    return { superseded: false, asset, stored: false, heard: false, downloadedAt: null, validators };
  }
}

/** Whether a step of an extension needs the bytes of files that are stored already. */
function wantsEveryFile({ steps }: MediaKind): boolean {
  return [...steps.identify, ...steps.store].some(({ files }) => files === 'every');
}
