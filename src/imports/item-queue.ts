/** Name of the Bull queue: one job per item, whatever its kind, so that all limits count over all kinds. */
export const ITEM_QUEUE = 'items';
