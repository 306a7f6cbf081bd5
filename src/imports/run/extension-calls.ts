import { Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Codes, FailOptions } from '../../extension/codes.js';
import type { ItemInHand, ItemLogger, Tools } from '../../extension/tools.js';
import { stackWithCauses } from '../../http/error-stack.js';
import { AbandonedWork, MAX_ABANDONED } from '../../process/abandoned-work.js';
import { inTime } from '../../process/in-time.js';
import { TimeLimitError } from '../../process/time-limit.js';
import { EngineFailure, ItemFailure } from '../failure.js';
import type { ClaimedItem } from '../import-kind.js';

/** A call of an extension's code for one item. */
export interface ExtensionCall<I extends ItemInHand = ItemInHand> {
  /** Names the code in the log, such as `identify() of kind "images"`. */
  readonly code: string;
  readonly itemId: string;
  readonly item: I;
  readonly codes: Codes;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** Marks the failure of a tool of the caller: the extension may let it pass, or catch it. */
export type Allow = (failure: ItemFailure) => ItemFailure;

/** Longest clause in a reason, in UTF-16 units. */
const MAX_CLAUSE = 300;

/**
 * Calls the code of extensions. Whatever it does costs one attempt of one item: it has a time limit, only declared
 * codes count, and an error that looks like an outage of our database does not count as one.
 */
@Injectable()
export class ExtensionCalls {
  private readonly logger = new Logger('Extension');
  private readonly abandoned = new AbandonedWork();

  constructor(private readonly modules: ModuleRef) {}

  /** @throws ItemFailure with a declared code or INTERNAL; TimeLimitError; the reason of the signal */
  async run<T, I extends ItemInHand>(
    call: ExtensionCall<I>,
    work: (tools: Tools<string, I>, allow: Allow) => Promise<T>,
  ): Promise<T> {
    const failures = new Set<unknown>();
    const allowed = new Set<unknown>();
    const allow: Allow = (failure) => {
      allowed.add(failure);
      return failure;
    };
    const { code, limitMs, signal } = call;
    // Calls that go on hold memory: more of them would end the process, and with it the items of others.
    if (this.abandoned.countOf(code) >= MAX_ABANDONED) throw new TimeLimitError(code, limitMs);
    const onAbandoned = (abandoned: Promise<unknown>): void => {
      if (!this.abandoned.add(code, abandoned)) return;
      this.logger.error(
        `${code}: ${MAX_ABANDONED} calls go on after their signal; items fail until one ends`,
      );
    };
    try {
      const result = await inTime({ operation: code, limitMs, signal, onAbandoned }, async (either) =>
        work(this.tools(call, either, failures), allow),
      );
      if (failures.size > 0) this.logger.warn(`${code} did not throw its failure ${idsOf(call)}`);
      return result;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TimeLimitError || failures.has(error) || allowed.has(error)) throw error;
      this.logger.error(`${code} failed unexpectedly ${idsOf(call)}`, stackWithCauses(error));
      throw new ItemFailure(EngineFailure.internal);
    }
  }

  /** Logs that code of an extension breaks its contract, such as `returned an undeclared fact field=colour`. */
  broken(call: Pick<ExtensionCall, 'code' | 'item' | 'itemId'>, fault: string): ItemFailure {
    this.logger.error(`${call.code} ${fault} ${idsOf(call)}`);
    return new ItemFailure(EngineFailure.internal);
  }

  private tools<I extends ItemInHand>(
    call: ExtensionCall<I>,
    signal: AbortSignal,
    failures: Set<unknown>,
  ): Tools<string, I> {
    return {
      item: call.item,
      signal,
      logger: this.loggerOf(call),
      fail: (code, options) => {
        const failure = this.failure(call, code, options);
        failures.add(failure);
        return failure;
      },
      get: (provider) => this.modules.get(provider, { strict: false }),
    };
  }

  private failure(call: ExtensionCall, code: string, options: FailOptions = {}): ItemFailure {
    const declared = Object.hasOwn(call.codes, code) ? call.codes[code] : undefined;
    if (declared === undefined) return this.broken(call, `failed with an undeclared code code=${code}`);
    const { clause, retryable = declared.retryable, cause } = options;
    const reason = clause === undefined ? declared.sentence : `${declared.sentence}: ${storable(clause)}`;
    return new ItemFailure({ code, reason, retryable }, { cause });
  }

  private loggerOf(call: ExtensionCall): ItemLogger {
    const line = (message: string): string => `${message} ${idsOf(call)}`;
    return {
      log: (message) => this.logger.log(line(message)),
      warn: (message) => this.logger.warn(line(message)),
      error: (message, cause) =>
        this.logger.error(line(message), ...(cause === undefined ? [] : [stackWithCauses(cause)])),
    };
  }
}

/** What an extension learns of an item. */
export function inHand(item: ClaimedItem): ItemInHand {
  const { kind, projectId, importId, systemName, externalId, title, sequence, lastCode } = item;
  return { kind, projectId, importId, systemName, externalId, title, sequence, lastCode };
}

function idsOf({ item, itemId }: Pick<ExtensionCall, 'item' | 'itemId'>): string {
  return `import=${item.importId} item=${itemId}`;
}

/** PostgreSQL stores neither U+0000 nor half of a surrogate pair, and reasons are one line. */
function storable(clause: string): string {
  return clause
    .slice(0, MAX_CLAUSE)
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ');
}
