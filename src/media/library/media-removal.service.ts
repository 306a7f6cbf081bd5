import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { Events } from '../../events/events.js';
import type { Media } from './media.entity.js';
import { MediaRemovalRepository, type MediumKey } from './media-removal.repository.js';

/** Removes media and brings them back within `ORPHAN_GRACE_MS`. */
@Injectable()
export class MediaRemoval {
  constructor(
    private readonly repository: MediaRemovalRepository,
    private readonly events: Events,
    private readonly environment: Environment,
  ) {}

  /**
   * Removes a medium: it leaves the lists, and its files are no longer served. Repeating the call changes nothing.
   *
   * @returns false if the project has no such medium
   */
  remove(key: MediumKey): Promise<boolean> {
    return this.repository.transaction(async (tx) => {
      const medium = await this.repository.lock(tx, key);
      if (medium === null || this.isOver(medium)) return false;
      if (medium.removedAt !== null) return true;
      await this.repository.remove(tx, key);
      await this.record(tx, 'media.removed', medium);
      return true;
    });
  }

  /**
   * Brings a removed medium back as it was. One that is not removed stays as it is.
   *
   * @returns false if the project has no such medium, or its grace period is over
   */
  restore(key: MediumKey): Promise<boolean> {
    return this.repository.transaction(async (tx) => {
      const medium = await this.repository.lock(tx, key);
      if (medium === null) return false;
      if (medium.removedAt === null) return true;
      if (!(await this.repository.restore(tx, key, this.environment.ORPHAN_GRACE_MS))) return false;
      await this.record(tx, 'media.updated', medium);
      return true;
    });
  }

  private async record(
    tx: EntityManager,
    type: 'media.removed' | 'media.updated',
    medium: Media,
  ): Promise<void> {
    const { projectId, kind, id: mediaId, version, systemName, externalId, title } = medium;
    const importId = await this.repository.importOf(tx, medium);
    await this.events.record(tx, [
      { type, projectId, importId, kind, mediaId, version, systemName, externalId, title },
    ]);
  }

  private isOver({ removedAt }: Media): boolean {
    return removedAt !== null && Date.now() - removedAt.getTime() > this.environment.ORPHAN_GRACE_MS;
  }
}
