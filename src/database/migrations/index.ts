import { InitialSchema1795479991317 } from './1795479991317-initial-schema.js';
import { Engine1795532668301 } from './1795532668301-engine.js';

/** Every migration, oldest first. */
export const migrations = [InitialSchema1795479991317, Engine1795532668301];
