import { addAbortListener } from 'node:events';
import { Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { ListenerPart } from '../extension/define-listener.js';
import type { ItemLogger } from '../extension/tools.js';
import { stackWithCauses } from '../http/error-stack.js';
import { AbandonedWork, MAX_ABANDONED } from '../process/abandoned-work.js';
import { TimeLimitError } from '../process/time-limit.js';
import type { DueEvent } from './event-deliveries.repository.js';

/** How a call ended. `aborted`: by the shutdown. */
export type CallOutcome = { state: 'delivered' } | { state: 'aborted' } | { state: 'failed'; error: unknown };

/** Calls a listener, and waits no longer than its time limit or the grace period, whatever it does. */
@Injectable()
export class ListenerCall {
  private readonly logger = new Logger('Listener');
  private readonly abandoned = new AbandonedWork();

  constructor(private readonly modules: ModuleRef) {}

  /** How many calls of a listener have been given up, but go on. */
  abandonedOf(listener: string): number {
    return this.abandoned.countOf(listener);
  }

  /** @param shutdown aborts at the end of the grace period */
  async make(listener: ListenerPart, due: DueEvent, shutdown: AbortSignal): Promise<CallOutcome> {
    const { name, timeoutMs } = listener;
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = new Promise<never>((_resolve, reject) => {
      addAbortListener(signal, () => reject(errorOf(signal.reason)));
    });
    const limit = setTimeout(
      () => controller.abort(new TimeLimitError(`Listener ${name}`, timeoutMs)),
      timeoutMs,
    );
    const stopping = addAbortListener(shutdown, () => controller.abort(errorOf(shutdown.reason)));
    const handled = this.handle(listener, due, signal);
    let isOver = false;
    const over = (): void => void (isOver = true);
    handled.then(over, over);
    try {
      await Promise.race([handled, aborted]);
      return { state: 'delivered' };
    } catch (error) {
      // Whatever reacts to the signal has ended by the next turn of the event loop.
      setImmediate(() => isOver || this.abandon(name, handled));
      return shutdown.aborted ? { state: 'aborted' } : { state: 'failed', error };
    } finally {
      clearTimeout(limit);
      stopping[Symbol.dispose]();
    }
  }

  /** Counts a call that goes on until it ends. */
  private abandon(name: string, handled: Promise<void>): void {
    if (this.abandoned.add(name, handled))
      this.logger.error(
        `${MAX_ABANDONED} calls go on after their signal; further events wait until one ends listener=${name}`,
      );
  }

  /** Also turns a synchronous error into a rejection. */
  private async handle(listener: ListenerPart, due: DueEvent, signal: AbortSignal): Promise<void> {
    const { id, attempt, occurredAt, event } = due;
    await listener.handle(event, {
      signal,
      delivery: { id, attempt, occurredAt },
      logger: this.loggerOf(due),
      get: (provider) => this.modules.get(provider, { strict: false }),
    });
  }

  private loggerOf({ listener, id }: DueEvent): ItemLogger {
    const line = (message: string): string => `${message} listener=${listener} delivery=${id}`;
    return {
      log: (message) => this.logger.log(line(message)),
      warn: (message) => this.logger.warn(line(message)),
      error: (message, cause) =>
        cause === undefined
          ? this.logger.error(line(message))
          : this.logger.error(line(message), stackWithCauses(cause)),
    };
  }
}

function errorOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
