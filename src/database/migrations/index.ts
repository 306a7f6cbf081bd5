import { InitialSchema1795479991317 } from './1795479991317-initial-schema.js';

/** Every migration, oldest first. */
export const migrations = [InitialSchema1795479991317];
