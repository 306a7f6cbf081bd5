import type { ChaosInstallation } from './chaos-installation.js';
import type { PostedImport } from './posted.js';

interface DeliveryRow {
  id: string;
  importId: string;
  state: string;
  body: string;
  recorded: number;
}

function deliveriesOf(installation: ChaosInstallation): Promise<DeliveryRow[]> {
  return installation.query<DeliveryRow[]>(
    `SELECT id, import_id AS "importId", state, body,
       (SELECT count(*)::integer FROM webhook_attempts WHERE delivery_id = delivery.id) AS recorded
     FROM webhook_deliveries delivery ORDER BY created_at`,
  );
}

/** Deliveries that are still pending. */
export async function unfinishedDeliveries(installation: ChaosInstallation): Promise<string[]> {
  return (await deliveriesOf(installation))
    .filter(({ state }) => state === 'pending')
    .map(({ id, importId }) => `Delivery ${id} of ${importId} is pending`);
}

/** Checks for exactly one message for each end of an import, after any number of attempts. */
export async function faultsOfWebhooks(installation: ChaosInstallation): Promise<string[]> {
  const rows = await deliveriesOf(installation);
  const known = new Set(installation.posted.map(({ id }) => id));
  return [
    ...rows
      .filter(({ importId }) => !known.has(importId))
      .map(({ id }) => `Delivery ${id} belongs to no import`),
    ...installation.posted.flatMap((posted) =>
      faultsOf(
        posted,
        rows.filter(({ importId }) => importId === posted.id),
      ),
    ),
    ...(await faultsOfOverviews(installation)),
  ];
}

function faultsOf(posted: PostedImport, rows: readonly DeliveryRow[]): string[] {
  const { id, webhook, ends, partner } = posted;
  const expected = webhook === undefined ? 0 : ends;
  if (rows.length !== expected) return [`Import ${id} has ${rows.length} messages, not ${expected}`];
  if (webhook === undefined) return [];
  const received = webhook.receiver.deliveries.filter(({ path }) => path === webhook.path);
  const ids = new Set(rows.map((row) => row.id));
  return [
    ...received
      .filter(({ headers }) => !ids.has(String(headers['webhook-id'])))
      .map(
        ({ headers }) =>
          `Import ${id}: webhook-id ${String(headers['webhook-id'])} belongs to none of its messages`,
      ),
    ...received.flatMap((delivery) => {
      try {
        webhook.receiver.verify(delivery, partner.project.webhookSecret);
        return [];
      } catch (error) {
        return [`Import ${id}: ${String(error)}`];
      }
    }),
    ...rows.filter(isExpected).flatMap((row) => {
      const attempts = received.filter(({ headers }) => headers['webhook-id'] === row.id);
      return [
        ...(row.state === (webhook.ends ?? 'delivered')
          ? []
          : [`Delivery ${row.id} of ${id} is ${row.state}`]),
        ...(row.state === 'delivered' && attempts.length === 0
          ? [`Delivery ${row.id} of ${id} was never received`]
          : []),
        ...(row.recorded > 0 ? [] : [`No attempt of delivery ${row.id} is on record`]),
        ...(attempts.every(({ raw }) => raw === row.body) ? [] : [`Attempts of delivery ${row.id} differ`]),
      ];
    }),
  ];
}

/** All messages but superseded ones; the last message is never superseded. */
function isExpected({ state }: DeliveryRow, index: number, { length }: readonly DeliveryRow[]): boolean {
  return state !== 'superseded' || index === length - 1;
}

/** Checks that the last message of an import agrees with its counters. */
async function faultsOfOverviews(installation: ChaosInstallation): Promise<string[]> {
  const rows = await installation.query<Array<{ importId: string; sent: string; stored: string }>>(
    `SELECT DISTINCT ON (import.id) import.id AS "importId",
       jsonb_build_object('state', delivery.body::jsonb -> 'state', 'id', delivery.body::jsonb -> 'id',
         'overview', delivery.body::jsonb -> 'overview')::text AS sent,
       jsonb_build_object('state', import.state, 'id', import.id, 'overview', jsonb_build_object('total', import.total,
         'success', import.success, 'skipped', import.skipped, 'failed', import.failed))::text AS stored
     FROM webhook_deliveries delivery JOIN imports import ON import.id = delivery.import_id
     ORDER BY import.id, delivery.created_at DESC`,
  );
  return rows
    .filter(({ sent, stored }) => sent !== stored)
    .map(
      ({ importId, sent, stored }) =>
        `The webhook of ${importId} reports ${sent}, but the import has ${stored}`,
    );
}
