import { Injectable } from '@nestjs/common';
import { closeQueue } from './close-queue.js';
import type { ImportKind } from './import-kind.js';

/** The kinds of this installation; a kind's module adds its own when it starts. */
@Injectable()
export class ImportKinds {
  private readonly kinds = new Map<string, ImportKind>();

  /** @throws Error where two kinds have one name */
  add(kind: ImportKind): void {
    if (this.kinds.has(kind.name)) throw new Error(`Two import kinds are called "${kind.name}"`);
    // Instead of the hook of @nestjs/bull, which fails the shutdown while Redis is unavailable.
    Object.assign(kind.queue, { onApplicationShutdown: () => closeQueue(kind.queue) });
    this.kinds.set(kind.name, kind);
  }

  /** @throws Error where this installation knows no such kind */
  named(name: string): ImportKind {
    const kind = this.kinds.get(name);
    if (kind === undefined) throw new Error(`There is no import kind "${name}"`);
    return kind;
  }

  all(): ImportKind[] {
    return [...this.kinds.values()];
  }
}
