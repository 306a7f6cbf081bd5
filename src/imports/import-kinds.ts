import { Injectable } from '@nestjs/common';
import { Extensions } from '../extension/extensions.js';
import { ENGINE_CODES } from './failure.js';
import type { ImportKind } from './import-kind.js';
import { plainEntry } from './request/stored-entry.js';
import { assertNames } from './result/names.js';
import { plainImportKind } from './plain/plain-import-kind.js';

/** The kinds of import of this process: plain kinds, and those of media, which their module adds at startup. */
@Injectable()
export class ImportKinds {
  private readonly kinds = new Map<string, ImportKind>();

  constructor(extensions: Extensions) {
    for (const kind of extensions.plainKinds) this.add(plainImportKind(kind));
  }

  /** @throws Error if a name is taken or cannot be used */
  add(kind: ImportKind): void {
    if (this.kinds.has(kind.name)) throw new Error(`Import kind "${kind.name}" is already registered`);
    assertNames(kind);
    this.kinds.set(kind.name, kind);
  }

  /** The kind with this name; of a kind that is no longer registered, only what all kinds have. */
  named(name: string): ImportKind {
    return (
      this.kinds.get(name) ?? {
        name,
        noun: 'item',
        result: null,
        report: [],
        codes: ENGINE_CODES,
        urlOf: () => null,
        entryOf: plainEntry,
      }
    );
  }
}
