import type { Abstract, Type } from '@nestjs/common';
import type { ItemLogger } from './tools.js';

/** A batch was accepted. */
export interface ImportAccepted {
  readonly type: 'import.accepted';
  readonly projectId: number;
  readonly importId: string;
  readonly kind: string;
  readonly systemName: string;
  /** Number of items. */
  readonly total: number;
}

/** The last item of an import was recorded; a retry can start it again. */
export interface ImportFinished {
  readonly type: 'import.finished';
  readonly projectId: number;
  readonly importId: string;
  readonly kind: string;
  readonly systemName: string;
  readonly state: 'success' | 'failed';
  readonly overview: {
    readonly total: number;
    readonly success: number;
    readonly skipped: number;
    readonly failed: number;
  };
}

/** A medium entered the library, has a new version, or is back after it was removed. */
export interface MediaChanged {
  readonly type: 'media.created' | 'media.updated';
  readonly projectId: number;
  readonly importId: string;
  readonly kind: string;
  readonly mediaId: string;
  /** 1 for a created medium. */
  readonly version: number;
  readonly systemName: string;
  readonly externalId: string;
  readonly title: string;
}

/** A medium left the library; `media.updated` follows if it comes back, by a call or by an import. */
export interface MediaRemoved {
  readonly type: 'media.removed';
  readonly projectId: number;
  /** The import that created the removed version. */
  readonly importId: string;
  readonly kind: string;
  readonly mediaId: string;
  /** Of the removed medium; the same after it is restored, a higher one after it is imported again. */
  readonly version: number;
  readonly systemName: string;
  readonly externalId: string;
  readonly title: string;
}

/** An event: a row written in the transaction that causes it. */
export type ReelportEvent = ImportAccepted | ImportFinished | MediaChanged | MediaRemoved;
export type EventType = ReelportEvent['type'];

/** The events of these types. */
export type EventOf<T extends EventType> = ReelportEvent & { readonly type: T };

/** Identifies one call of a listener. */
export interface Delivery {
  /** The same for every attempt at this event and listener: deduplicate on it. */
  readonly id: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** When the event happened. */
  readonly occurredAt: Date;
}

/** What the engine hands to a listener. */
export interface ListenerTools {
  /** Aborts at the time limit, and when the process shuts down. */
  readonly signal: AbortSignal;
  readonly delivery: Delivery;
  readonly logger: ItemLogger;
  /** Returns a provider of the extension's `worker` modules. @throws Error if no module provides it */
  get<T>(provider: Type<T> | Abstract<T>): T;
}

/** Something that an extension does after an event. */
export interface ListenerDefinition<T extends EventType = EventType> {
  readonly name: string;
  readonly on: readonly T[];
  /** Time limit in milliseconds. */
  readonly timeoutMs: number;

  /**
   * Called at least once for each event, in any order, also after a crash. An error is logged and the call repeated
   * after 1 s to 1 h; when all attempts have failed, the event becomes a dead letter of this listener.
   */
  handle(event: EventOf<T>, tools: ListenerTools): Promise<void>;
}

/** A listener in an extension. */
export interface ListenerPart extends Omit<ListenerDefinition, 'handle'> {
  handle(event: ReelportEvent, tools: ListenerTools): Promise<void>;
}

/**
 * A listener of `media.removed` must also listen to `media.updated`, which announces media that come back. Without it, a
 * copy of the library would never regain restored media.
 */
export type HearsOfReturns<T extends EventType> = 'media.removed' extends T
  ? 'media.updated' extends T
    ? unknown
    : { readonly on: readonly [missing: 'media.updated'] }
  : unknown;

/** Defines a listener. */
export function defineListener<const T extends EventType>(
  definition: ListenerDefinition<T> & HearsOfReturns<T>,
): ListenerPart;
export function defineListener(definition: ListenerPart): ListenerPart {
  return definition;
}
