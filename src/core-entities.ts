import { getMetadataArgsStorage } from 'typeorm';
// Load every entity.
import './app.module.js';
import { CORE_TABLES } from './database/schema/core-tables.js';
import './worker.module.js';

/** The entities of Reelport itself. */
export function coreEntities(): ReadonlyArray<new () => object> {
  return getMetadataArgsStorage().tables.flatMap(({ target, name = '' }) =>
    isClass(target) && CORE_TABLES.includes(name) ? [target] : [],
  );
}

function isClass(target: unknown): target is new () => object {
  return typeof target === 'function';
}
