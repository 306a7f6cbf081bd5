import { Injectable } from '@nestjs/common';
import { OutboundClient, OutboundError } from '#libs/outbound-http';
import { AcceptService } from '../../imports/accept/accept.service.js';
import { Faults } from '../../http/faults.js';
import { TimeSlices } from '../../http/time-slices.js';
import type { NewItem } from '../../imports/import-kind.js';
import { StatusService } from '../../imports/status/status.service.js';
import { VideoKind } from '../video-kind.js';
import type { VideoPayload } from '../video-import.js';
import type { ImportVideosDto } from './import-videos.dto.js';

/** What importing videos adds to importing: what makes a batch of them right, and an item of each. */
@Injectable()
export class ImportVideosService {
  constructor(
    private readonly kind: VideoKind,
    private readonly acceptance: AcceptService,
    private readonly statuses: StatusService,
    private readonly outbound: OutboundClient,
  ) {}

  /** @throws ApiError 400 where ids repeat or the webhook's address is forbidden, 422 for a reused idempotency key */
  async accept(projectId: number, batch: ImportVideosDto, idempotencyKey?: string): Promise<{ id: string }> {
    const items = await this.check(batch);
    const { systemName, webhook = null, context } = batch;
    return this.acceptance.accept({
      projectId,
      kind: this.kind.name,
      systemName,
      webhook,
      context: context === undefined ? null : JSON.stringify(context),
      items,
      idempotencyKey,
    });
  }

  /** JSON text. */
  status(projectId: number, importId: string): Promise<string> {
    return this.statuses.status(this.kind, projectId, importId);
  }

  private async check({ webhook, videos }: ImportVideosDto): Promise<Array<NewItem<VideoPayload>>> {
    const faults = new Faults();
    if (webhook !== undefined) this.checkAddress(webhook, faults);
    const places = new Map<string, number>();
    const items: Array<NewItem<VideoPayload>> = [];
    const slices = new TimeSlices();
    for (const [place, { id, url, fileName, metadata }] of videos.entries()) {
      const first = places.get(id);
      if (first === undefined) places.set(id, place);
      else
        faults.add(
          `videos.${place}.id`,
          `This must be unique within the batch, but is the same as videos.${first}.id`,
        );
      items.push({
        externalId: id,
        title: fileName,
        payload: { url, metadata },
        originHost: new URL(url).host,
      });
      if (slices.isOver) await slices.pause();
    }
    faults.throwIfAny();
    return items;
  }

  private checkAddress(webhook: string, faults: Faults): void {
    try {
      this.outbound.policy.check(webhook);
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      faults.add('webhook', error.message);
    }
  }
}
