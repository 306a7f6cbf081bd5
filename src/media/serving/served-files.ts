import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { batching } from '../../process/batching.js';

/** Outside of a transaction, and with bitmap scans: the index of replaced files is a GIN index. */
const WITHDRAWN = `
  SELECT asset.storage_key AS key FROM assets asset
  WHERE asset.storage_key = ANY($1::text[])
    AND NOT EXISTS (SELECT FROM media WHERE media.asset_id = asset.id AND media.removed_at IS NULL)
    AND (EXISTS (SELECT FROM media WHERE media.asset_id = asset.id)
      OR EXISTS (SELECT FROM media WHERE media.removed_at IS NOT NULL AND media.former_asset_ids @> ARRAY[asset.id]))`;

/**
 * Decides which files are served. A file is withdrawn as soon as the last medium that has it is removed, and so are the
 * replaced files of a removed medium. Every request reads the database, so that a removal takes effect in all processes
 * with its commit; concurrent requests share a query.
 */
@Injectable()
export class ServedFiles {
  private readonly load = batching<string, boolean>(
    async (keys) => {
      const rows: Array<{ key: string }> = await this.dataSource.query(WITHDRAWN, [[...new Set(keys)]]);
      const withdrawn = new Set(rows.map(({ key }) => key));
      return keys.map((key) => withdrawn.has(key));
    },
    { maxSize: 64 },
  );

  constructor(private readonly dataSource: DataSource) {}

  isWithdrawn(storageKey: string): Promise<boolean> {
    return this.load(storageKey);
  }
}
