import { buffer } from 'node:stream/consumers';
import { Injectable } from '@nestjs/common';
import {
  hostKey,
  OutboundClient,
  OutboundError,
  parseUrl,
  understoodStatus,
  type OutboundResponse,
} from '#libs/outbound-http';
import type { Download, DownloadOptions } from '../../extension/tools.js';
import { failureOfAnswer, failureOfPart, failureOfRequest } from '../download-failures.js';
import { ItemFailure, withNoun } from '../failure.js';
import type { ClaimedItem } from '../import-kind.js';
import type { Allow } from '../run/extension-calls.js';

/** The item for which an extension downloads a file. */
interface DownloadFor {
  readonly claimed: Pick<ClaimedItem, 'originHost'>;
  readonly noun: string;
  readonly signal: AbortSignal;
  readonly allow: Allow;
}

/** Downloads files into memory for plain kinds, which open no connections to the hosts of partners themselves. */
@Injectable()
export class Downloads {
  constructor(private readonly client: OutboundClient) {}

  /** @throws ItemFailure, marked as allowed; the reason of the signal; TypeError without `maxBytes` */
  async run(url: string, { maxBytes }: DownloadOptions, about: DownloadFor): Promise<Download> {
    if (!Number.isSafeInteger(maxBytes) || maxBytes < 1)
      throw new TypeError('download() needs maxBytes, a positive integer');
    const { claimed, noun, signal, allow } = about;
    try {
      return await this.read(await this.client.request(url, { maxBytes, signal }));
    } catch (error) {
      signal.throwIfAborted();
      const failure = error instanceof OutboundError ? failureOfRequest(error) : error;
      if (!(failure instanceof ItemFailure)) throw failure;
      const parsed = parseUrl(url);
      const isOfItem = parsed !== undefined && hostKey(parsed) === claimed.originHost;
      throw allow(withNoun(isOfItem ? failure : withoutHost(failure), noun));
    }
  }

  private async read(response: OutboundResponse): Promise<Download> {
    const { status, headers, body } = response;
    const understood = understoodStatus(status);
    const isFile = understood === 200 || understood === 203;
    if (isFile && !('content-range' in headers)) return { bytes: await buffer(body), headers };
    await response.discard();
    throw isFile || understood === 206 ? failureOfPart(response) : failureOfAnswer(response);
  }
}

/** The throttle counts the host of the item; a failure of another one says nothing about it. */
function withoutHost({ failure, cause }: ItemFailure): ItemFailure {
  const kept = { ...failure };
  delete kept.host;
  return new ItemFailure(kept, { cause });
}
