import { RawJson } from '../../http/raw-json.js';
import type { OutboxMessage } from '../../webhooks/outbox.js';
import type { ImportProgress } from '../item/import-progress.js';

/** Builds the webhook message of a finished import; none while it runs or if the partner gave no webhook. */
export function finishedMessage(progress: ImportProgress): OutboxMessage[] {
  const { id, projectId, state, webhook, context, finishedAt, total, success, skipped, failed } = progress;
  if (webhook === null || finishedAt === null) return [];
  return [
    {
      projectId,
      importId: id,
      url: webhook,
      body: {
        type: 'import.finished',
        timestamp: finishedAt.toISOString(),
        id,
        state,
        overview: { total, success, skipped, failed },
        ...(context === null ? {} : { context: new RawJson(context) }),
      },
    },
  ];
}
