import { Logger } from '@nestjs/common';
import { writeFile } from 'node:fs/promises';
import { OutboundError, type OutboundResponse, type ResponseHeaders } from '#libs/outbound-http';
import { ItemFailure } from '../../imports/failure.js';
import { failure } from '../media-failures.js';
import type { KnownMedia, MediaItem } from '../media-import.js';
import { failureOfAnswer, failureOfPart } from '../../imports/download-failures.js';
import { decide, isComplete, placeOf, PLAIN, verdict, type Decision } from './decide.js';
import type { DownloadedFile } from './downloaded-file.js';
import type { FileSource } from './file-source.js';
import { freshRequest, ifChanged, type FileRequest } from './fresh-request.js';
import { assertExpected, assertLength, atMostExpected } from './expected-file.js';
import type { AdoptedFile, IncomingFiles } from './incoming-files.js';
import { readBody } from './read-body.js';
import { versionOf, type SourceVersion } from './source-version.js';
import { asBefore, OtherBytesError } from './overlap.js';
import { hashFile, writeBody } from './write-body.js';

export interface TransferOptions {
  /** Files below this length stay in memory. */
  smallBytes: number;
  maxBytes: number;
  /** Whether a later step waits until the file is on disk. */
  flushAhead: boolean;
  /**
   * Number of held bytes that are requested again and compared, to verify that the continuation belongs to the file.
   */
  overlapBytes: number;
}

/** The file in its current state. */
interface LocalFile {
  name: string;
  /** Set if the file is in memory rather than on disk. */
  bytes: Uint8Array | null;
  size: number;
  total: number | null;
  version: SourceVersion;
  servedFrom: string;
  /** Use for a later attempt: none, continue it, or use it once the origin has confirmed it. */
  worth: 'nothing' | 'beginning' | 'whole';
}

/**
 * The file of one attempt, from the first byte to the hand-over. Nothing else touches it. Only `decide()` and
 * `verdict()` judge responses.
 */
export class Transfer implements FileSource<DownloadedFile> {
  private readonly logger = new Logger(Transfer.name);
  private local: LocalFile | null;
  private noted: boolean;
  private isConfirmed = false;

  /** @param held partial download of an earlier attempt */
  constructor(
    private readonly files: IncomingFiles,
    private readonly item: MediaItem,
    private readonly held: AdoptedFile | null,
    private readonly options: TransferOptions,
  ) {
    this.local = held && { ...held, bytes: null, worth: isComplete(held) ? 'whole' : 'beginning' };
    this.noted = held !== null;
  }

  /**
   * Runs an attempt. Afterwards the file is removed unless a later attempt can use it: a transient failure or a
   * shutdown loses no received byte.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      await this.cleanUp(() => this.discard());
      return result;
    } catch (error) {
      const thrown = error instanceof ItemFailure ? await this.withBytes(error) : error;
      const isFinal = error instanceof ItemFailure && !error.failure.retryable;
      await this.cleanUp(() => (isFinal ? this.discard() : this.keep()));
      throw thrown;
    }
  }

  /** Adds how much of the file is here, if there is any. */
  private async withBytes(error: ItemFailure): Promise<ItemFailure> {
    const { local } = this;
    if (local === null) return error;
    const bytes = local.size || (await this.files.sizeOf(local.name));
    return bytes === 0 ? error : new ItemFailure({ ...error.failure, bytes }, { cause: error.cause });
  }

  /**
   * Downloads the file with at most two requests: if a condition or range fails, the second one goes without.
   *
   * @param known the medium in the library, whose validators are sent if it came from the same URL
   * @param send sends a request for the file with these headers
   * @returns null if the source reports that the library has the current version
   * @throws OutboundError; ItemFailure EMPTY, TOO_LARGE, TRUNCATED, HTTP_STATUS, CHECKSUM_MISMATCH; a file system error
   */
  async download(
    known: KnownMedia | null,
    send: (headers: Record<string, string>) => Promise<OutboundResponse>,
  ): Promise<DownloadedFile | null> {
    const request = this.firstRequest(known);
    let response = await send(request.headers);
    let decision = decide(request.question, this.held, response);
    if (decision.take === 'another answer') {
      await response.discard();
      response = await send({});
      decision = decide(PLAIN, this.held, response);
    }
    if (decision.take === 'held' || decision.take === 'rest' || decision.take === 'whole') {
      return this.receive(decision, response);
    }
    await response.discard();
    if (decision.take === 'nothing') return null;
    throw decision.take === 'failure' && decision.because === 'part'
      ? failureOfPart(response)
      : failureOfAnswer(response);
  }

  private firstRequest(known: KnownMedia | null): FileRequest {
    if (this.held !== null) return continuation(this.held, this.options.overlapBytes);
    return freshRequest(this.item, known);
  }

  /** Largest file, in bytes. */
  get maxBytes(): number {
    return this.options.maxBytes;
  }

  /** Reads the file from a response. */
  private async receive(
    decision: Extract<Decision, { take: 'held' | 'rest' | 'whole' }>,
    response: OutboundResponse,
  ): Promise<DownloadedFile> {
    try {
      assertLength(this.item, lengthOf(decision));
      const file = await this.received(decision, response);
      assertExpected(this.item, file);
      return file;
    } catch (error) {
      // The next attempt must not continue or confirm bytes that are not the expected ones.
      if (isMismatch(error) && this.local !== null) this.local.worth = 'nothing';
      await response.discard();
      throw error;
    }
  }

  private async received(
    decision: Extract<Decision, { take: 'held' | 'rest' | 'whole' }>,
    response: OutboundResponse,
  ): Promise<DownloadedFile> {
    if (decision.take === 'held') return this.useHeld(response);
    if (decision.take === 'rest') return this.write(this.continue(decision, response), decision, response);
    const local = await this.beginAnew(response, decision);
    return this.write(local, { from: 0, length: decision.length }, response);
  }

  /** Marks the file as verified; this also confirms a length that the origin did not declare. */
  confirm(): void {
    this.isConfirmed = true;
    if (this.local !== null) this.local.worth = 'whole';
  }

  /** Marks the file as moved to storage. */
  handedOver(): void {
    if (this.local !== null) this.files.setOpen(this.local.name, false);
    this.local = null;
  }

  private async useHeld(response: OutboundResponse): Promise<DownloadedFile> {
    await response.discard();
    const { local } = this;
    if (local === null) throw new Error('No file is held');
    local.version = supplemented(local.version, response.headers);
    const { size, sha256 } = await hashFile(this.files.pathOf(local.name));
    return this.downloaded(local, { size, sha256, lengthDeclared: true });
  }

  private continue(
    { from, length }: { from: number; length: number },
    response: OutboundResponse,
  ): LocalFile {
    const { local } = this;
    if (local === null) throw new Error('No file is held that could be continued');
    // The client counts only the bytes of this response; the held ones count, too.
    if (from + length > this.options.maxBytes) throw failure('TOO_LARGE', { host: 'answered' });
    this.files.setOpen(local.name, true);
    local.version = supplemented(local.version, response.headers);
    local.total = from + length;
    local.worth = 'beginning';
    return local;
  }

  /** Discards the held file. The note is removed or renamed first, so that it never describes other bytes. */
  private async beginAnew(
    { headers, url }: OutboundResponse,
    { length, total }: Extract<Decision, { take: 'whole' }>,
  ): Promise<LocalFile> {
    const { local: old, item } = this;
    const version = versionOf(headers);
    const isSmall = length !== null && length < this.options.smallBytes;
    const worth = isSmall || version.strong === null ? 'nothing' : 'beginning';
    const name = `${item.id}.${item.claim}`;
    this.local = { name, bytes: null, size: 0, total, version, servedFrom: placeOf(url), worth };
    if (!isSmall) this.files.setOpen(name, true);
    if (worth === 'beginning') {
      this.noted = true;
      await this.files.note(item, name, this.local);
    } else if (this.noted) {
      await this.files.removeNote(item);
      this.noted = false;
    }
    if (old !== null) await this.files.remove(old.name);
    return this.local;
  }

  /** @param part offset of the body in the file, and its length in bytes if known */
  private async write(
    local: LocalFile,
    part: { from: number; length: number | null },
    response: OutboundResponse,
  ): Promise<DownloadedFile> {
    const { worth } = local;
    local.worth = 'nothing';
    try {
      const file = await this.takeBody(local, part, response);
      const lengthDeclared = part.length !== null;
      local.size = file.size;
      local.worth = lengthDeclared ? 'whole' : worth;
      return this.downloaded(local, { ...file, lengthDeclared });
    } catch (error) {
      // A broken transfer can be continued next time; any other failure cannot.
      if (isBreak(error)) local.worth = worth;
      if (error instanceof OtherBytesError)
        throw contradiction('the server sent different bytes than before');
      if (this.exceedsAnnouncement(error, part)) throw overlong();
      throw error;
    }
  }

  /** A body may exceed both its announced length and the size limit in one chunk; the file itself is not too large. */
  private exceedsAnnouncement(
    error: unknown,
    { from, length }: { from: number; length: number | null },
  ): boolean {
    const isTooLarge = error instanceof OutboundError && error.code === 'TOO_LARGE';
    return isTooLarge && length !== null && from + length <= this.options.maxBytes;
  }

  private async takeBody(
    local: LocalFile,
    { from, length }: { from: number; length: number | null },
    { body }: OutboundResponse,
  ): Promise<{ size: number; sha256: string }> {
    if (from === 0 && length !== null && length < this.options.smallBytes) {
      const { bytes, sha256, received } = await readBody(body, length);
      this.judge(length, received);
      if (length === 0) throw failure('EMPTY');
      local.bytes = bytes;
      return { size: length, sha256 };
    }
    const { flushAhead } = this.options;
    const path = this.files.pathOf(local.name);
    const given = length === null ? atMostExpected(this.item, body) : body;
    const compared = from > 0 ? await asBefore(body, path, from) : given;
    const { size, sha256, received } = await writeBody(path, compared, { from, length, flushAhead });
    this.judge(length, received);
    // Without a declared length the transfer may have been cut off right away, without any sign of it.
    if (size === 0) throw failure('EMPTY', { retryable: length === null });
    return { size, sha256 };
  }

  private judge(length: number | null, received: number): void {
    switch (verdict(length, received)) {
      case 'complete':
        return;
      case 'truncated':
        throw new OutboundError('truncated');
      case 'overlong':
        throw overlong();
    }
  }

  private downloaded(
    { name, bytes, version }: LocalFile,
    facts: Pick<DownloadedFile, 'size' | 'sha256' | 'lengthDeclared'>,
  ): DownloadedFile {
    return {
      ...facts,
      source: bytes ?? this.files.pathOf(name),
      etag: version.etag,
      lastModified: version.lastModified,
      downloadedAt: Date.now(),
    };
  }

  private async discard(): Promise<void> {
    const { local, noted } = this;
    if (local !== null) {
      this.files.setOpen(local.name, false);
      if (local.bytes === null) await this.files.remove(local.name);
    }
    if (noted) await this.files.removeNote(this.item);
  }

  private async keep(): Promise<void> {
    const { local } = this;
    if (local === null || !this.canBeFoundAgain(local) || !(await this.files.hasRoom()))
      return this.discard();
    if (local.bytes !== null) await writeFile(this.files.pathOf(local.name), local.bytes);
    this.files.setOpen(local.name, false);
    const total = local.worth === 'whole' ? local.size : local.total;
    this.noted = true;
    await this.files.note(this.item, local.name, { ...local, total });
  }

  /** A small file is kept on disk only once it is known to be good. */
  private canBeFoundAgain({ worth, bytes, version }: LocalFile): boolean {
    if (worth === 'beginning') return true;
    const hasValidator = version.etag !== null || version.lastModified !== null;
    return worth === 'whole' && hasValidator && (bytes === null || this.isConfirmed);
  }

  /** The sweep removes what this cleanup cannot; the outcome of the attempt is unaffected. */
  private async cleanUp(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.logger.warn(`Download cleanup failed item=${this.item.id}: ${String(error)}`);
    }
  }
}

/** The announced length of the whole file; null if there is none, or it was compared when the file was held. */
function lengthOf(decision: Extract<Decision, { take: 'held' | 'rest' | 'whole' }>): number | null {
  if (decision.take === 'held') return null;
  return decision.take === 'rest' ? decision.from + decision.length : decision.length;
}

function isMismatch(error: unknown): boolean {
  return error instanceof ItemFailure && error.failure.code === 'CHECKSUM_MISMATCH';
}

/** Requests the rest of the file plus the last held bytes, which show whether the rest belongs to the file. */
function continuation(held: AdoptedFile, overlapBytes: number): FileRequest {
  const { size, total, version } = held;
  const from = Math.max(1, size - overlapBytes);
  const unlessSameAs = isComplete(held) ? 'held' : null;
  // After the last byte there is no range to request.
  const strong = from === total ? null : version.strong;
  return {
    question: { from: strong === null ? null : from, unlessSameAs },
    headers: {
      ...(strong !== null && { range: `bytes=${from}-`, 'if-range': strong }),
      ...(unlessSameAs !== null && ifChanged(version)),
    },
  };
}

/** A 206 or 304 may omit fields that an earlier response sent for the same version (RFC 9110, 15.3.7). */
function supplemented(known: SourceVersion, headers: ResponseHeaders): SourceVersion {
  const { etag, lastModified } = versionOf(headers);
  return { ...known, etag: etag ?? known.etag, lastModified: lastModified ?? known.lastModified };
}

/** The origin contradicts itself: the received bytes are useless, and the next attempt starts over. */
function contradiction(clause: string): ItemFailure {
  return failure('HTTP_STATUS', { clause, retryable: true, host: 'answered' });
}

function overlong(): ItemFailure {
  return contradiction('the server sent more bytes than it had announced');
}

function isBreak(error: unknown): boolean {
  return error instanceof OutboundError && (error.temporary || error.code === 'ABORTED');
}
