import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { Repository } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { EnvironmentError } from '../../config/parse-environment.js';
import { codeOf } from '#libs/errors';
import { mediaFolder } from './media-folders.js';
import { StorageFolder } from './storage-folder.entity.js';

/** File with the id of the folder; no storage key looks like it. */
const MARKER = '.storage-id';

/**
 * Refuses to start with a folder other than the one that holds the files of this database. Two machines with a folder
 * each would answer 404 for each other's files.
 */
@Injectable()
export class StorageFolderGuard implements OnModuleInit {
  private readonly logger = new Logger(StorageFolderGuard.name);
  private readonly folder: string;

  constructor(
    private readonly environment: Environment,
    @InjectRepository(StorageFolder) private readonly folders: Repository<StorageFolder>,
  ) {
    this.folder = mediaFolder(environment);
  }

  /** @throws EnvironmentError one line that names the variables and the required change */
  async onModuleInit(): Promise<void> {
    if (this.environment.STORAGE !== 'local') return;
    let expected: string;
    try {
      expected = await this.expectedId();
    } catch (error) {
      if (error instanceof EnvironmentError) throw error;
      // An unavailable or unmigrated database is reported elsewhere and does not stop the process.
      this.logger.warn(`Storage folder check failed: ${String(error)}`);
      return;
    }
    if ((await this.readMarker()) === expected) return;
    throw new EnvironmentError(
      `DATA_DIR: ${this.folder} is not the folder that holds the files of this database. With STORAGE=local, all ` +
        'processes need the same folder: mount it on every machine, or set STORAGE=s3. If the files were moved or ' +
        `restored to this folder, write ${expected} to ${join(this.folder, MARKER)}`,
    );
  }

  /** Returns the id of the database's folder; the first process that asks binds the database to this folder. */
  private async expectedId(): Promise<string> {
    const known = await this.folders.findOneBy({ single: true });
    if (known !== null) return known.id;
    const id = (await this.readMarker()) ?? (await this.writeMarker());
    await this.folders.createQueryBuilder().insert().values({ id }).orIgnore().execute();
    return (await this.folders.findOneByOrFail({ single: true })).id;
  }

  private async readMarker(): Promise<string | null> {
    try {
      const id = (await readFile(join(this.folder, MARKER), 'utf8')).trim();
      return isUUID(id) ? id : null;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  }

  private async writeMarker(): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    try {
      await writeFile(join(this.folder, MARKER), `${randomUUID()}\n`, { flag: 'wx', flush: true });
    } catch (error) {
      // Another process on this machine wrote it first.
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const id = await this.readMarker();
    if (id === null) {
      throw new EnvironmentError(
        `DATA_DIR: ${join(this.folder, MARKER)} holds no storage folder id; remove the file to have it written again`,
      );
    }
    return id;
  }
}
