import { Injectable } from '@nestjs/common';
import type { ImportKind } from './import-kind.js';

/** Registry of import kinds; the module of each kind registers it at startup. */
@Injectable()
export class ImportKinds {
  private readonly kinds = new Map<string, ImportKind>();

  /** @throws Error if the name is already registered */
  add(kind: ImportKind): void {
    if (this.kinds.has(kind.name)) throw new Error(`Import kind "${kind.name}" is already registered`);
    this.kinds.set(kind.name, kind);
  }

  /** The kind with this name; of a kind that is no longer registered, only what all kinds have. */
  named(name: string): ImportKind {
    return this.kinds.get(name) ?? missing(name);
  }

  all(): ImportKind[] {
    return [...this.kinds.values()];
  }
}

/** Imports outlive the extension that defined their kind. */
function missing(name: string): ImportKind {
  return { name, resultName: 'result', resultSql: 'NULL', resultParameters: [], reportColumns: {} };
}
