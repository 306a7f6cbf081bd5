import type { Storage } from '#libs/storage';
import type { Settings } from './define-settings.js';

/** A place for finished files, chosen by `STORAGE=name`. */
export interface StorageDefinition<S extends Settings = Settings> {
  readonly name: string;
  readonly settings?: S;
  /** Creates the storage at start, once in each process. It must keep the contract of `storageContract()`. */
  create(values: S['values']): Storage | Promise<Storage>;
}

/** A storage in an extension. */
export interface StoragePart {
  readonly name: string;
  readonly settings: Settings | undefined;
  create(): Storage | Promise<Storage>;
}

/** Defines a storage. */
export function defineStorage<S extends Settings>(definition: StorageDefinition<S>): StoragePart {
  const { name, settings } = definition;
  return { name, settings, create: () => definition.create(settings?.values ?? {}) };
}
