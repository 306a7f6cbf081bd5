import type { DynamicModule, Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import type { PlainKindPart } from './define-kind.js';
import type { ListenerPart } from './define-listener.js';
import type { MediaKindPart } from './define-media-kind.js';
import type { MediaServicePart } from './define-media-service.js';
import type { ExtensionScopes } from './define-scopes.js';
import type { Settings } from './define-settings.js';
import type { StepPart } from './define-step.js';
import type { StoragePart } from './define-storage.js';

export type KindPart = MediaKindPart | PlainKindPart;
export type NestModule = Type | DynamicModule;

/** What a team adds to Reelport. All parts are optional. */
export interface Extension {
  /** Lower-case letters, digits and `_`; the names of its tables begin with it. */
  readonly name: string;
  /** Releases of Reelport that it works with, such as `^1.2.0`; checked at start. */
  readonly reelport?: string;
  readonly kinds?: readonly KindPart[];
  readonly steps?: readonly StepPart[];
  readonly listeners?: readonly ListenerPart[];
  readonly storages?: readonly StoragePart[];
  readonly mediaServices?: readonly MediaServicePart[];
  readonly scopes?: ExtensionScopes;
  readonly settings?: Settings;
  /** TypeORM entities, for `TypeOrmModule.forFeature()` in the modules. */
  readonly entities?: readonly Type[];
  /** TypeORM migrations, oldest first; they run after those of Reelport. */
  readonly migrations?: ReadonlyArray<new () => MigrationInterface>;
  /** Nest modules of the API process: controllers and their providers. */
  readonly api?: readonly NestModule[];
  /** Nest modules of the worker process. */
  readonly worker?: readonly NestModule[];
}

/** Defines an extension. Faults are reported at start, all at once. */
export function defineExtension(extension: Extension): Extension {
  return extension;
}
