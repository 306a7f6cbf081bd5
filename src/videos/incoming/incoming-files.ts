import { randomUUID } from 'node:crypto';
import { constants, copyFile, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { freeBytes } from '#libs/storage';
import { codeOf } from '../../http/error-code.js';
import { Environment } from '../../config/environment.js';
import { incomingFolder } from '../media/media-folders.js';
import type { VideoItem } from '../video-import.js';
import type { Held } from './decide.js';
import { parseNote, type PartialNote } from './partial-note.js';

/** What an earlier attempt has left, now in a file of this one. */
export interface AdoptedFile extends Held {
  /** In the folder. */
  name: string;
}

/** Room that must be left for the downloads of others before anything is kept, as a multiple of MIN_FREE_BYTES. */
const AMPLE = 2;

/**
 * The folder of downloads in flight. Each attempt writes a file of its own, so that a worker that was suspended cannot
 * write into its successor's; a note beside it says how the download could go on.
 */
@Injectable()
export class IncomingFiles implements OnModuleInit {
  private readonly writer = randomUUID();
  /** Files that attempts of this process write to at the moment. */
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

  /** Tells that an attempt of this process writes to a file, or writes to it no more. */
  setOpen(name: string, isOpen: boolean): void {
    if (isOpen) this.open.add(name);
    else this.open.delete(name);
  }

  /** Notes that a file can be continued, or used if it is whole. */
  async note(
    item: VideoItem,
    name: string,
    { version, total, servedFrom }: Omit<Held, 'size'>,
  ): Promise<void> {
    const writer = this.open.has(name) ? this.writer : null;
    const note: PartialNote = { name, writer, url: item.payload.url, version, total, servedFrom };
    const path = this.noteOf(item);
    await writeFile(`${path}.${item.claim}`, JSON.stringify(note));
    await rename(`${path}.${item.claim}`, path);
  }

  /** Takes over what an earlier attempt has left on this disk. What cannot be used is removed. */
  async adopt(item: VideoItem): Promise<AdoptedFile | null> {
    if (item.claim === 1) return null;
    const note = await this.readNote(item);
    if (note === null) return null;
    const name = `${item.id}.${item.claim}.kept`;
    try {
      if (note.url !== item.payload.url) throw new Error('The item has another address now');
      await this.takeOver(note, name);
      const { size } = await stat(this.pathOf(name));
      const { version, total, servedFrom } = note;
      if (size === 0 || size > (total ?? size)) throw new Error('The file is not as long as its note says');
      // Old files are removed, and this one is in use again.
      await utimes(this.pathOf(name), new Date(), new Date());
      await this.note(item, name, note);
      return { name, size, version, total, servedFrom };
    } catch {
      // Whatever it was, it can be fetched again.
      await this.remove(name);
      await this.remove(note.name);
      await this.removeNote(item);
      return null;
    }
  }

  /** Whether the disk has room for files that only may be of use. */
  async hasRoom(): Promise<boolean> {
    return (await freeBytes(this.folder)) >= AMPLE * this.environment.MIN_FREE_BYTES;
  }

  async remove(name: string): Promise<void> {
    await rm(this.pathOf(name), { force: true });
  }

  async removeNote(item: VideoItem): Promise<void> {
    await rm(this.noteOf(item), { force: true });
  }

  /** A process that is gone writes no more, but one that is suspended might: its file is left to it. */
  private async takeOver({ writer, name }: PartialNote, as: string): Promise<void> {
    const from = this.pathOf(name);
    if (writer === null || (writer === this.writer && !this.open.has(name)))
      return rename(from, this.pathOf(as));
    await copyFile(from, this.pathOf(as), constants.COPYFILE_FICLONE);
    await rm(from, { force: true });
  }

  private async readNote(item: VideoItem): Promise<PartialNote | null> {
    try {
      return parseNote(await readFile(this.noteOf(item), 'utf8'));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  }

  private noteOf({ id }: VideoItem): string {
    return join(this.folder, `${id}.json`);
  }
}
