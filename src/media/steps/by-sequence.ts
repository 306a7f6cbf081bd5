import type { MediaItem } from '../media-import.js';

/** Compares by the sequence of the import. Repeated media within one import keep their processing order. */
export function bySequence(a: Sequenced, b: Sequenced): number {
  return a.item.sequence < b.item.sequence ? -1 : Number(a.item.sequence > b.item.sequence);
}

interface Sequenced {
  item: Pick<MediaItem, 'sequence'>;
}
