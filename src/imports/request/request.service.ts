import { Readable } from 'node:stream';
import { Injectable, Logger, StreamableFile } from '@nestjs/common';
import { RawJson, stringifyRaw } from '../../http/raw-json.js';
import { DEFAULT_WEBHOOK_EVENTS } from '../events/webhook-events.decorator.js';
import { withoutQuery } from '../failures/without-query.js';
import type { ImportKind } from '../import-kind.js';
import { ImportKinds } from '../import-kinds.js';
import { importNotFound } from '../import-not-found.js';
import { priorityOf } from '../priority.js';
import { RequestRepository, type RequestHead } from './request.repository.js';

/** The batch of an import, rebuilt from what is stored of it. */
@Injectable()
export class RequestService {
  private readonly logger = new Logger(RequestService.name);

  constructor(
    private readonly kinds: ImportKinds,
    private readonly repository: RequestRepository,
  ) {}

  /**
   * Streams the batch as JSON. Reads the next entries only after the client has read the previous ones.
   *
   * @throws ApiError 404 if the project has no such import
   */
  async stream(projectId: number, importId: string): Promise<StreamableFile> {
    const head = await this.repository.head(projectId, importId);
    if (head === null) throw importNotFound();
    const text = Readable.from(this.write(head, importId), { objectMode: false });
    return new StreamableFile(text, {
      type: 'application/json; charset=utf-8',
      disposition: `attachment; filename="import-${importId}-request.json"`,
    });
  }

  private async *write(head: RequestHead, importId: string): AsyncGenerator<string> {
    const kind = this.kinds.named(head.kind);
    let separator = `${stringifyRaw(fieldsOf(head)).slice(0, -1)},${JSON.stringify(head.kind)}:[`;
    try {
      for await (const rows of this.repository.pages(importId)) {
        yield separator + rows.map((row) => entryText(kind, row)).join(',');
        separator = ',';
      }
      yield ']}';
    } catch (error) {
      // The response has started, so the client only sees an aborted connection; the cause is logged here.
      this.logger.warn(`Request aborted import=${importId}: ${String(error)}`);
      throw error;
    }
  }
}

function entryText(kind: ImportKind, row: Parameters<ImportKind['entryOf']>[0]): string {
  return stringifyRaw(kind.entryOf(row));
}

/** What equals the default is left out, as most callers do. */
function fieldsOf({ systemName, webhook, webhookEvents, context, notBefore, priority }: RequestHead): object {
  const isDefault = String(webhookEvents) === String(DEFAULT_WEBHOOK_EVENTS);
  return {
    systemName,
    ...(webhook !== null && { webhook: withoutQuery(webhook) }),
    ...(webhook !== null && !isDefault && { webhookEvents }),
    ...(context !== null && { context: new RawJson(context) }),
    ...(notBefore !== null && { notBefore }),
    ...(priority !== 0 && { priority: priorityOf(priority) }),
  };
}
