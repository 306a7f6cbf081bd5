import { Injectable } from '@nestjs/common';
import { OutboundClient, OutboundError, type OutboundResponse } from '#libs/outbound-http';
import { codeOf } from '#libs/errors';
import { failure } from '../media-failures.js';
import type { DownloadedFile } from '../incoming/downloaded-file.js';
import { PLAIN_REQUEST, type Transfer, type TransferRequest } from '../incoming/transfer.js';
import type { KnownMedia, MediaItem } from '../media-import.js';
import { failureOfAnswer, failureOfPart, failureOfRequest } from './download.failures.js';

/** Fetches the file of an item, unless the source reports that the library has the current version. */
@Injectable()
export class DownloadStep {
  constructor(private readonly client: OutboundClient) {}

  /**
   * Continues the download of an earlier attempt if the source still has the same file.
   *
   * @param known the video in the library, whose validators are sent if it came from the same URL
   * @returns null if the source reports no change (304)
   * @throws ItemFailure, or the reason of the signal
   */
  async run(
    item: MediaItem,
    transfer: Transfer,
    known: KnownMedia | null,
    signal: AbortSignal,
  ): Promise<DownloadedFile | null> {
    try {
      return await this.fetch(item, transfer, known, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof OutboundError) throw failureOfRequest(error);
      const code = codeOf(error);
      if (code === 'ENOSPC' || code === 'EDQUOT') {
        throw failure('STORAGE_FAILED', { clause: 'no disk space left', cause: error });
      }
      throw error;
    }
  }

  /** Sends at most two requests: if a condition or range fails, the second one goes without. */
  private async fetch(
    item: MediaItem,
    transfer: Transfer,
    known: KnownMedia | null,
    signal: AbortSignal,
  ): Promise<DownloadedFile | null> {
    let request = transfer.firstRequest(known);
    let response = await this.send(item, request, transfer, signal);
    if (transfer.decide(request.question, response).take === 'another answer') {
      await response.discard();
      request = PLAIN_REQUEST;
      response = await this.send(item, request, transfer, signal);
    }
    const decision = transfer.decide(request.question, response);
    if (decision.take === 'held' || decision.take === 'rest' || decision.take === 'whole') {
      return transfer.receive(decision, response);
    }
    await response.discard();
    if (decision.take === 'nothing') return null;
    throw decision.take === 'failure' && decision.because === 'part'
      ? failureOfPart()
      : failureOfAnswer(response);
  }

  private send(
    { payload }: MediaItem,
    { headers }: TransferRequest,
    { maxBytes }: Transfer,
    signal: AbortSignal,
  ): Promise<OutboundResponse> {
    return this.client.request(payload.url, { headers, maxBytes, signal });
  }
}
