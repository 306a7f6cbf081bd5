import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { newKey } from '#libs/storage';
import { RecordRepository, type KeptAsset, type MediaUpsert } from '../steps/record.repository.js';
import type { AssetFacts } from '../media-import.js';

const KIND = 'videos';

/** Writes videos and files of one project as a worker would. */
export class TestLibrary {
  readonly records = new RecordRepository();
  private sequence = 0n;

  private constructor(
    readonly dataSource: DataSource,
    readonly projectId: number,
  ) {}

  static async create(dataSource: DataSource): Promise<TestLibrary> {
    const [{ id }] = await dataSource.query<Array<{ id: number }>>(
      `INSERT INTO projects (name, webhook_secrets) VALUES ($1, '[]') RETURNING id`,
      [randomUUID()],
    );
    return new TestLibrary(dataSource, id);
  }

  /** Ensures the row of a file. */
  async keep(tx: EntityManager, sha256: string, storageKey = newKey('mp4')): Promise<KeptAsset> {
    const facts: AssetFacts = {
      sha256,
      storageKey,
      size: 1,
      mimeType: 'video/mp4',
      facts: { width: 16, height: 9 },
    };
    const { projectId } = this;
    const kept = await this.records.keepAssets(tx, [{ ...facts, projectId, kind: KIND, stored: true }]);
    const asset = kept.get(`${projectId}:${KIND}:${sha256}`);
    if (asset === undefined) throw new Error('The file was not kept');
    return asset;
  }

  /** @param sequence sequence of the import; the next one by default */
  async refer(tx: EntityManager, externalId: string, asset: KeptAsset, sequence?: bigint): Promise<void> {
    const item: MediaUpsert['item'] = {
      projectId: this.projectId,
      importId: 'import',
      kind: KIND,
      systemName: 'archive',
      externalId,
      title: externalId,
      sequence: sequence ?? ++this.sequence,
      payload: { url: 'http://archive.example/a.mp4', metadata: {} },
    };
    await this.records.upsertMedia(tx, [{ item, asset, validators: { etag: null, lastModified: null } }]);
  }

  /** Writes a video and its file, in the order of production. */
  async write(tx: EntityManager, externalId: string, sha256: string, storageKey?: string): Promise<void> {
    await this.refer(tx, externalId, await this.keep(tx, sha256, storageKey));
  }

  /** Records a video with its file in one transaction, as in production. */
  record(externalId: string, sha256: string, storageKey?: string): Promise<void> {
    return this.dataSource.transaction((tx) => this.write(tx, externalId, sha256, storageKey));
  }

  /** Files that may have lost their last reference. */
  async released(): Promise<string[]> {
    const rows = await this.dataSource.query<Array<{ sha256: string }>>(
      'SELECT sha256 FROM released_assets released JOIN assets asset ON asset.id = asset_id ORDER BY released.id',
    );
    return rows.map(({ sha256 }) => sha256);
  }

  /** Files whose grace period has begun. */
  async orphans(): Promise<string[]> {
    const rows = await this.dataSource.query<Array<{ sha256: string }>>(
      'SELECT sha256 FROM assets WHERE orphaned_at IS NOT NULL ORDER BY sha256',
    );
    return rows.map(({ sha256 }) => sha256);
  }
}
