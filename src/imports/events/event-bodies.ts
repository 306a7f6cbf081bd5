import { Injectable } from '@nestjs/common';
import { RawJson } from '../../http/raw-json.js';
import { ImportKinds } from '../import-kinds.js';
import {
  ImportEventsRepository,
  type EventRow,
  type ItemFacts,
  type WatchedImport,
} from './import-events.repository.js';
import { MAX_BUNDLE } from './record-events.js';

/** An event with its body, as streams and webhooks send it. */
export interface ReadEvent {
  /** Of the last event in it. */
  id: number;
  at: Date;
  about: WatchedImport;
  type: EventRow['type'];
  /** May contain RawJson. */
  body: object;
}

/** A bundle of items, or the end of an import. */
type Bundle = EventRow[];

/** Reads what events are about, and bundles them. */
@Injectable()
export class EventBodies {
  constructor(
    private readonly repository: ImportEventsRepository,
    private readonly kinds: ImportKinds,
  ) {}

  /** @param rows in the order of their ids */
  async of(rows: readonly EventRow[]): Promise<ReadEvent[]> {
    if (rows.length === 0) return [];
    const found = await this.repository.imports([...new Set(rows.map(({ importId }) => importId))]);
    const imports = new Map(found.map((each) => [each.id, each]));
    const items = await this.itemsOf(rows, imports);
    return bundled(rows).flatMap((bundle) => this.read(bundle, imports, items));
  }

  private async itemsOf(
    rows: readonly EventRow[],
    imports: ReadonlyMap<string, WatchedImport>,
  ): Promise<Map<number, ItemFacts>> {
    const byKind = new Map<string, number[]>();
    for (const row of rows) {
      const kind = imports.get(row.importId)?.kind;
      if (row.type !== 'items.finished' || kind === undefined) continue;
      const ids = byKind.get(kind) ?? [];
      byKind.set(kind, ids);
      for (const [id] of row.body.items) ids.push(id);
    }
    const all = new Map<number, ItemFacts>();
    for (const [kind, ids] of byKind) {
      for (const [id, facts] of await this.repository.items(this.kinds.named(kind), ids)) all.set(id, facts);
    }
    return all;
  }

  private read(
    bundle: Bundle,
    imports: ReadonlyMap<string, WatchedImport>,
    items: ReadonlyMap<number, ItemFacts>,
  ): ReadEvent[] {
    const last = bundle.at(-1);
    const about = last && imports.get(last.importId);
    // Removed since.
    if (last === undefined || about === undefined) return [];
    const { type, createdAt: at, importId, id } = last;
    const { kind, systemName, context } = about;
    const head = { type, timestamp: at.toISOString(), id: importId };
    const tail = context === null ? {} : { context: new RawJson(context) };
    if (last.type === 'import.finished') {
      const { state, ...overview } = last.body;
      return [{ id, at, about, type, body: { ...head, state, overview, ...tail } }];
    }
    const { noun } = this.kinds.named(kind);
    const shown = bundle.flatMap((row) => (row.type === 'items.finished' ? row.body.items : []));
    const entries = shown.map((item) => entryOf(item, items.get(item[0]), noun));
    return [{ id, at, about, type, body: { ...head, kind, systemName, items: entries.flat(), ...tail } }];
  }
}

/** Joins events of one import that follow each other, up to the size of a bundle. */
function bundled(rows: readonly EventRow[]): Bundle[] {
  const bundles: Bundle[] = [];
  let size = Infinity;
  for (const row of rows) {
    const count = row.type === 'items.finished' ? row.body.items.length : Infinity;
    const open = bundles.at(-1);
    if (open !== undefined && open[0]?.importId === row.importId && size + count <= MAX_BUNDLE) {
      open.push(row);
      size += count;
    } else {
      bundles.push([row]);
      size = count;
    }
  }
  return bundles;
}

/** An item as it finished; its result and reason only if it has not been retried since. */
function entryOf(
  [, state, code]: readonly [number, string, string | null],
  facts: ItemFacts | undefined,
  noun: string,
): object[] {
  if (facts === undefined) return [];
  const isSame = facts.state === state && facts.code === code;
  const { externalId, reason, retryable, size, result } = facts;
  return [
    {
      externalId,
      state,
      ...(code !== null && { code }),
      ...(isSame && reason !== null && { reason }),
      ...(isSame && retryable !== null && { retryable }),
      ...(isSame && size !== null && { size }),
      ...(isSame && result !== null && { [noun]: result }),
    },
  ];
}
