import { Injectable } from '@nestjs/common';
import { unknownCursor } from '../../http/unknown-cursor.js';
import { ImportKinds } from '../import-kinds.js';
import { ImportsService } from '../list/imports.service.js';
import { statesBehind } from '../shown-state.js';
import { itemCursor, positionIn } from './item-cursor.js';
import { toItemDto, type ImportItemsPageDto, type ItemsQueryDto } from './item.dto.js';
import { ItemsRepository } from './items.repository.js';

/** Lists the items of an import. */
@Injectable()
export class ItemsService {
  constructor(
    private readonly imports: ImportsService,
    private readonly kinds: ImportKinds,
    private readonly repository: ItemsRepository,
  ) {}

  /** @throws ApiError 404 if the project has no such import, 400 if the cursor is invalid */
  async list(
    projectId: number,
    importId: string,
    { state, after, run, ...filter }: ItemsQueryDto,
  ): Promise<ImportItemsPageDto> {
    const position = positionIn(after);
    const { kind: kindName, total, startedAt } = await this.imports.row(projectId, importId);
    if (position >= total) throw unknownCursor();
    const kind = this.kinds.named(kindName);
    const states = state === undefined ? undefined : statesBehind(state);
    const since = run === undefined ? undefined : startedAt;
    const rows = await this.repository.list(kind, { ...filter, importId, states, since, after: position });
    const last = rows.length === filter.limit ? rows.at(-1) : undefined;
    return {
      results: rows.map((row) => toItemDto(row, kind.noun)),
      ...(last !== undefined && { cursor: itemCursor(last.position) }),
    };
  }
}
