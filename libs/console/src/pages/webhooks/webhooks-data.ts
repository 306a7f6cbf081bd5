import type { components } from '#libs/client';
import { ask } from '../../api/ask.js';

export type Delivery = components['schemas']['WebhookDeliveryDto'];
export type DeliveryDetail = components['schemas']['DeliveryDetailDto'];

export interface DeliveriesFilter {
  state: string;
  importId: string;
  /** Cursor of the previous page; empty for the first one. */
  after: string;
}

export interface LoadedDeliveries {
  rows: Delivery[];
  /** News of rows that were shown, but no longer match or have moved to another page. */
  others: Delivery[];
  /** Undefined on the last page. */
  cursor: string | undefined;
}

const PAGE_SIZE = 50;
/** Rows that are asked for one by one. */
const MOST_OTHERS = 10;

/** @param shown rows that the reader sees */
export async function loadDeliveries(
  filter: DeliveriesFilter,
  shown: readonly Delivery[],
  signal: AbortSignal,
): Promise<LoadedDeliveries> {
  const { results, cursor } = await ask((api) =>
    api.GET('/api/v1/webhooks/deliveries', { params: { query: queryOf(filter) }, signal }),
  );
  const arrived = new Set(results.map(({ id }) => id));
  const mayChange = (state: string): boolean => state === 'pending' || state === filter.state;
  const moved = shown.filter(({ id, state }) => mayChange(state) && !arrived.has(id));
  const others = await Promise.all(moved.slice(0, MOST_OTHERS).map(({ id }) => loadDelivery(id, signal)));
  return { rows: results, others, cursor };
}

function queryOf({ state, importId, after }: DeliveriesFilter) {
  return {
    limit: PAGE_SIZE,
    ...(isState(state) && { state }),
    ...(importId !== '' && { importId }),
    ...(after !== '' && { after }),
  };
}

function isState(text: string): text is Delivery['state'] {
  return text !== '';
}

/** @throws Trouble; AbortError */
export function loadDelivery(id: string, signal?: AbortSignal): Promise<DeliveryDetail> {
  const params = { path: { id } };
  return ask((api) => api.GET('/api/v1/webhooks/deliveries/{id}', { params, ...(signal && { signal }) }));
}

/** Sends a message again, whatever its state. @throws Trouble */
export async function redeliver(id: string): Promise<void> {
  await ask((api) => api.POST('/api/v1/webhooks/deliveries/{id}/redeliver', { params: { path: { id } } }));
}

/**
 * Sends failed messages again.
 *
 * @param since ISO 8601; undefined for all
 * @param dryRun only counts them
 * @returns their number
 * @throws Trouble; AbortError
 */
export async function redeliverFailed(
  since: string | undefined,
  dryRun: boolean,
  signal?: AbortSignal,
): Promise<number> {
  const body = { dryRun, ...(since !== undefined && { since }) };
  const { redelivered } = await ask((api) =>
    api.POST('/api/v1/webhooks/deliveries/redeliver', { body, ...(signal && { signal }) }),
  );
  return redelivered;
}
