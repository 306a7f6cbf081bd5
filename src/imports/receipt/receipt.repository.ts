import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import { Import } from '../import.entity.js';
import type { LedgerItem } from './ledger-line.js';

/** Items per query. */
const PAGE = 1_000;

export interface ReceiptImport extends Pick<
  Import,
  | 'id'
  | 'kind'
  | 'systemName'
  | 'mode'
  | 'appliedAt'
  | 'state'
  | 'total'
  | 'success'
  | 'skipped'
  | 'failed'
  | 'finishedAt'
> {
  project?: { name: string };
}

@Injectable()
export class ReceiptRepository {
  constructor(
    @InjectRepository(Import) private readonly imports: Repository<Import>,
    private readonly dataSource: DataSource,
  ) {}

  find(projectId: number, importId: string): Promise<ReceiptImport | null> {
    return this.imports.findOne({
      select: {
        id: true,
        kind: true,
        systemName: true,
        mode: true,
        appliedAt: true,
        state: true,
        total: true,
        success: true,
        skipped: true,
        failed: true,
        finishedAt: true,
        project: { id: true, name: true },
      },
      where: { projectId, id: importId },
      relations: { project: true },
    });
  }

  /** Reads the items in request order, page by page. Holds no connection between pages. */
  async *pages(importId: string): AsyncGenerator<LedgerItem[]> {
    for (let from = 0; ; from += PAGE) {
      const items: LedgerItem[] = await this.dataSource.query(
        `SELECT item.external_id AS "externalId", item.state, item.code, item.result->'mediaId' AS "mediaId",
           item.result->'sha256' AS sha256, item.result->'size' AS size
         FROM import_items item
         WHERE item.import_id = $1 AND item.position >= $2 AND item.position < $3
         ORDER BY item.position`,
        [importId, from, from + PAGE],
      );
      if (items.length > 0) yield items;
      if (items.length < PAGE) return;
    }
  }
}
