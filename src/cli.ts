import 'reflect-metadata';
import { commandLine } from './cli/command-line.js';

/** `npm run token -- …` and `npm run project -- …` */
const code = await commandLine(process.argv.slice(2));
// After a signal, what was under way may hang on a connection to a database that is not ours to stop.
if (code > 128) process.exit(code);
process.exitCode = code;
