import { randomUUID } from 'node:crypto';
import { constants, copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { codeOf } from '../../http/error-code.js';
import { Environment } from '../../config/environment.js';
import { incomingFolder } from '../media/media-folders.js';
import type { VideoItem } from '../video-import.js';
import type { PartialFile, Resumption } from './partial-file.js';

/** What an earlier claim of an item has fetched, now in the file of this one. */
export interface AdoptedFile {
  partial: PartialFile;
  /** Bytes that are there. */
  size: number;
}

/**
 * The folder of downloads under way. Each claim of an item writes a file of its own, so that a worker that was suspended
 * cannot write into its successor's; a note beside it says how the download could go on.
 */
@Injectable()
export class IncomingFiles implements OnModuleInit {
  private readonly writer = randomUUID();
  /** Items of this process that have a note; those of other processes were claimed before. */
  private readonly noted = new Set<string>();
  private readonly folder: string;

  constructor(environment: Environment) {
    this.folder = incomingFolder(environment);
  }

  async onModuleInit(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
  }

  pathOf({ id, claim }: VideoItem): string {
    return join(this.folder, `${id}.${claim}`);
  }

  /** Notes that what is written to the item's file can be continued. */
  async note(item: VideoItem, { validator, total }: Resumption): Promise<void> {
    const partial: PartialFile = {
      name: `${item.id}.${item.claim}`,
      writer: this.writer,
      url: item.payload.url,
      validator,
      total,
    };
    const path = this.noteOf(item);
    this.noted.add(item.id);
    await writeFile(`${path}.${item.claim}`, JSON.stringify(partial));
    await rename(`${path}.${item.claim}`, path);
  }

  /**
   * Takes over what an earlier claim has left on this disk, if it is of the same address.
   *
   * @returns null where there is nothing that could be continued
   */
  async adopt(item: VideoItem): Promise<AdoptedFile | null> {
    if (item.claim === 1) return null;
    const partial = await this.readNote(item);
    if (partial === null || partial.url !== item.payload.url) return null;
    const path = this.pathOf(item);
    try {
      await this.takeOver(partial, join(this.folder, partial.name), path);
      const { size } = await stat(path);
      await this.note(item, partial);
      return { partial, size };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  }

  /** Removes what the item has on this disk. */
  async remove(item: VideoItem): Promise<void> {
    await rm(this.pathOf(item), { force: true });
    await this.removeNote(item);
  }

  /** For an item whose file has gone to where it stays. */
  async removeNote(item: VideoItem): Promise<void> {
    if (!this.noted.delete(item.id) && item.claim === 1) return;
    await rm(this.noteOf(item), { force: true });
  }

  /** A process that is gone writes no more, but one that is suspended might: its file is left to it. */
  private async takeOver({ writer }: PartialFile, from: string, to: string): Promise<void> {
    if (from === to) return;
    if (writer === this.writer) return rename(from, to);
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    await rm(from, { force: true });
  }

  private async readNote(item: VideoItem): Promise<PartialFile | null> {
    try {
      const partial: PartialFile = JSON.parse(await readFile(this.noteOf(item), 'utf8'));
      return partial;
    } catch (error) {
      // Half a note, as a crash may leave it, is no note.
      if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return null;
      throw error;
    }
  }

  private noteOf({ id }: VideoItem): string {
    return join(this.folder, `${id}.json`);
  }
}
