// Given to a thread with --import, when this library runs from its TypeScript source, as in tests. Compiled code
// needs none of it.
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
