import { Injectable } from '@nestjs/common';
import { hostKey } from '#libs/outbound-http';
import { AcceptService } from '../../imports/accept/accept.service.js';
import { exactTextOf, textOf } from '../../http/free-form-text.js';
import { TimeSlices } from '../../http/time-slices.js';
import type { NewItem } from '../../imports/import-kind.js';
import { StatusService } from '../../imports/status/status.service.js';
import { ImportKinds } from '../../imports/import-kinds.js';
import { VIDEOS } from '../video-kind.js';
import type { MediaPayload } from '../../media/media-import.js';
import type { ImportVideoDto, ImportVideosDto } from './import-videos.dto.js';

/** Accepts video batches: maps each video to an item of the video kind. */
@Injectable()
export class ImportVideosService {
  constructor(
    private readonly kinds: ImportKinds,
    private readonly acceptance: AcceptService,
    private readonly statuses: StatusService,
  ) {}

  /** @throws ApiError 422 for a reused idempotency key */
  async accept(projectId: number, batch: ImportVideosDto, idempotencyKey?: string): Promise<{ id: string }> {
    const { videos, ...head } = batch;
    const { systemName, webhook = null, context } = head;
    return this.acceptance.accept({
      projectId,
      kind: VIDEOS,
      systemName,
      webhook,
      context: context === undefined ? null : textOf(context),
      items: await itemsOf(videos),
      sent: { head, entries: videos },
      idempotencyKey,
    });
  }

  /** JSON text in UTF-8. */
  status(projectId: number, importId: string): Promise<Buffer> {
    return this.statuses.status(this.kinds.named(VIDEOS), projectId, importId);
  }
}

/** Works in time slices, because a batch can be long and parsing URLs takes time. */
async function itemsOf(videos: readonly ImportVideoDto[]): Promise<Array<NewItem<MediaPayload>>> {
  const items: Array<NewItem<MediaPayload>> = [];
  const slices = new TimeSlices();
  for (const { id, url, fileName, metadata } of videos) {
    const metadataText = exactTextOf(metadata);
    items.push({
      externalId: id,
      title: fileName,
      payload: { url, metadata },
      exact: metadataText === undefined ? undefined : { metadataText },
      originHost: hostKey(url),
    });
    if (slices.isOver) await slices.pause();
  }
  return items;
}
