import { Injectable } from '@nestjs/common';
import { closeQueue } from './close-queue.js';
import type { ImportKind } from './import-kind.js';

/** Registry of import kinds; the module of each kind registers it at startup. */
@Injectable()
export class ImportKinds {
  private readonly kinds = new Map<string, ImportKind>();

  /** @throws Error if the name is already registered */
  add(kind: ImportKind): void {
    if (this.kinds.has(kind.name)) throw new Error(`Import kind "${kind.name}" is already registered`);
    // Replaces the hook of @nestjs/bull, which fails the shutdown while Redis is unavailable.
    Object.assign(kind.queue, { onApplicationShutdown: () => closeQueue(kind.queue) });
    this.kinds.set(kind.name, kind);
  }

  /** @throws Error if no kind has this name */
  named(name: string): ImportKind {
    const kind = this.kinds.get(name);
    if (kind === undefined) throw new Error(`Import kind "${name}" is not registered`);
    return kind;
  }

  all(): ImportKind[] {
    return [...this.kinds.values()];
  }
}
