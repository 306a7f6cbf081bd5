// Passed to a thread with --import when this library runs from its TypeScript source, as in tests. Compiled code does
// not use it.
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
