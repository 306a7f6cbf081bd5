import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Repository, type FindOptionsSelect } from 'typeorm';
import { Import } from '../import.entity.js';
import { ImportItem } from '../item/import-item.entity.js';

const HEAD = {
  kind: true,
  systemName: true,
  webhook: true,
  webhookEvents: true,
  context: true,
  notBefore: true,
  priority: true,
} as const satisfies FindOptionsSelect<Import>;

const ENTRY = {
  position: true,
  externalId: true,
  title: true,
  payload: true,
} as const satisfies FindOptionsSelect<ImportItem>;

/** Fields of a batch besides its entries. */
export type RequestHead = Pick<Import, keyof typeof HEAD>;

export type RequestEntry = Pick<ImportItem, keyof typeof ENTRY>;

/** Entries per query: metadata may have 64 KiB each. */
const PAGE = 200;

@Injectable()
export class RequestRepository {
  constructor(
    @InjectRepository(Import) private readonly imports: Repository<Import>,
    @InjectRepository(ImportItem) private readonly items: Repository<ImportItem>,
  ) {}

  /** @returns null if the project has no such import */
  head(projectId: number, id: string): Promise<RequestHead | null> {
    return this.imports.findOne({ select: HEAD, where: { projectId, id } });
  }

  /** Reads the entries of an import in request order, page by page; holds no connection between pages. */
  async *pages(importId: string): AsyncGenerator<RequestEntry[]> {
    for (let after = -1; ;) {
      const rows = await this.items.find({
        select: ENTRY,
        where: { importId, position: MoreThan(after) },
        order: { position: 'ASC' },
        take: PAGE,
      });
      const last = rows.at(-1);
      if (last !== undefined) yield rows;
      if (last === undefined || rows.length < PAGE) return;
      after = last.position;
    }
  }
}
