import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Slots } from '../../process/slots.js';
import { EventBodies } from './event-bodies.js';
import { ImportEventsRepository, type Place } from './import-events.repository.js';
import { encodeEvents, type EncodedEvents } from './sse.js';
import { topicKey } from './topic.js';

/** Events that a stream has missed. */
export interface EventPage {
  encoded: EncodedEvents[];
  /** Last event of the page, also if its import was removed; undefined if the page is empty. */
  lastId: number | undefined;
  /** Whether there are no more events up to the end. */
  isLast: boolean;
}

interface Wanted {
  place: Place;
  upTo: number;
}

/** Rows. */
const PAGE = 20;
/** Pages that are read at the same time, so that reconnecting clients leave connections to others. */
const CONCURRENT_READS = 2;
/** Milliseconds for which clients that reconnect together share a page. Items in it may have been retried since. */
const FRESH_MS = 2_000;
const MAX_BYTES = 32 * 1024 * 1024;
/** Pages are read to the end, because others may wait for them by then. */
const NEVER = new AbortController().signal;
/** Bytes of a page beside its events. */
const OVERHEAD = 1_024;

/** Reads and encodes pages once for all streams that catch up from the same event, as after a restart. */
@Injectable()
export class EventPages {
  private readonly reads = new Slots(CONCURRENT_READS);
  private readonly pages = new LRUCache<string, EventPage, Wanted>({
    ttl: FRESH_MS,
    maxSize: MAX_BYTES,
    sizeCalculation: ({ encoded }) =>
      encoded.reduce((sum, { bytes, gzip }) => sum + bytes.length + gzip.compressed.length, OVERHEAD),
    // A page that is displaced while it is read still reaches those who wait for it.
    ignoreFetchAbort: true,
    fetchMethod: (_key, _stale, { context }) => this.reads.run(NEVER, () => this.read(context)),
  });

  constructor(
    private readonly repository: ImportEventsRepository,
    private readonly bodies: EventBodies,
  ) {}

  /**
   * The next events of a subject, up to and with `upTo`, which must be settled: what the page contains depends on nothing
   * else.
   */
  of(place: Place, upTo: number): Promise<EventPage> {
    const key = `${topicKey(place.subject)} ${place.after} ${upTo}`;
    return this.pages.forceFetch(key, { context: { place, upTo } });
  }

  private async read({ place, upTo }: Wanted): Promise<EventPage> {
    const rows = await this.repository.page(place, upTo, PAGE);
    const encoded = await encodeEvents(await this.bodies.of(rows));
    return { encoded, lastId: rows.at(-1)?.id, isLast: rows.length < PAGE };
  }
}
