import 'reflect-metadata';
import { commandLine } from './cli/command-line.js';

/** `npm run token -- …` and `npm run project -- …` */
process.exitCode = await commandLine(process.argv.slice(2));
