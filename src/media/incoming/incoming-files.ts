import { randomUUID } from 'node:crypto';
import { constants, copyFile, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { freeBytes } from '#libs/storage';
import { codeOf } from '#libs/errors';
import { Environment } from '../../config/environment.js';
import { incomingFolder } from '../storage/media-folders.js';
import type { MediaItem } from '../media-import.js';
import type { Held } from './decide.js';
import { parseNote, type PartialNote } from './partial-note.js';

/** Partial download of an earlier attempt, now in a file of this one. */
export interface AdoptedFile extends Held {
  /** File name within the folder. */
  name: string;
}

/**
 * Free space required before partial downloads are kept, as a multiple of MIN_FREE_BYTES; it remains for other
 * downloads.
 */
const AMPLE = 2;

/**
 * The folder of downloads in flight. Each attempt writes its own file, so that a suspended worker cannot write into the
 * file of its successor. A note beside the file describes how to continue the download.
 */
@Injectable()
export class IncomingFiles implements OnModuleInit {
  private readonly writer = randomUUID();
  /** Files that attempts of this process are writing. */
  private readonly open = new Set<string>();
  private readonly folder: string;

  constructor(private readonly environment: Environment) {
    this.folder = incomingFolder(environment);
  }

  async onModuleInit(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
  }

  pathOf(name: string): string {
    return join(this.folder, name);
  }

  /** Marks a file as being written by an attempt of this process, or as no longer being written. */
  setOpen(name: string, isOpen: boolean): void {
    if (isOpen) this.open.add(name);
    else this.open.delete(name);
  }

  /** Records that a file can be continued, or used if it is complete. */
  async note(
    item: MediaItem,
    name: string,
    { version, total, servedFrom }: Omit<Held, 'size'>,
  ): Promise<void> {
    const writer = this.open.has(name) ? this.writer : null;
    const note: PartialNote = { name, writer, url: item.payload.url, version, total, servedFrom };
    const path = this.noteOf(item);
    await writeFile(`${path}.${item.claim}`, JSON.stringify(note));
    await rename(`${path}.${item.claim}`, path);
  }

  /** Takes over the partial download of an earlier attempt on this disk, or removes it if it is unusable. */
  async adopt(item: MediaItem): Promise<AdoptedFile | null> {
    if (item.claim === 1) return null;
    const note = await this.readNote(item);
    if (note === null) return null;
    const name = `${item.id}.${item.claim}.kept`;
    try {
      if (note.url !== item.payload.url) throw new Error('The URL of the item has changed');
      await this.takeOver(note, name);
      const { size } = await stat(this.pathOf(name));
      const { version, total, servedFrom } = note;
      if (size === 0 || size > (total ?? size)) throw new Error('The file length does not match its note');
      // Keeps the sweep from removing the file, which is in use again.
      await utimes(this.pathOf(name), new Date(), new Date());
      await this.note(item, name, note);
      return { name, size, version, total, servedFrom };
    } catch {
      // Any failure is harmless: the file can be fetched again.
      await this.remove(name);
      await this.remove(note.name);
      await this.removeNote(item);
      return null;
    }
  }

  /** Whether the disk has room for files that might be useful later. */
  async hasRoom(): Promise<boolean> {
    return (await freeBytes(this.folder)) >= AMPLE * this.environment.MIN_FREE_BYTES;
  }

  /** Bytes of a file; 0 if it does not exist. */
  async sizeOf(name: string): Promise<number> {
    const found = await stat(this.pathOf(name)).catch(() => null);
    return found?.size ?? 0;
  }

  async remove(name: string): Promise<void> {
    await rm(this.pathOf(name), { force: true });
  }

  async removeNote(item: MediaItem): Promise<void> {
    await rm(this.noteOf(item), { force: true });
  }

  /** A terminated process writes no more, but a suspended one might, so its file is copied rather than renamed. */
  private async takeOver({ writer, name }: PartialNote, as: string): Promise<void> {
    const from = this.pathOf(name);
    if (writer === null || (writer === this.writer && !this.open.has(name)))
      return rename(from, this.pathOf(as));
    await copyFile(from, this.pathOf(as), constants.COPYFILE_FICLONE);
    await rm(from, { force: true });
  }

  private async readNote(item: MediaItem): Promise<PartialNote | null> {
    try {
      return parseNote(await readFile(this.noteOf(item), 'utf8'));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  }

  private noteOf({ id }: MediaItem): string {
    return join(this.folder, `${id}.json`);
  }
}
