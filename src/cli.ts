#!/usr/bin/env node
import 'reflect-metadata';
import { commandLine } from './cli/command-line.js';
import { installationOf } from './create-reelport.js';

/** `npm run token -- …` and `npm run project -- …` */
const code = await commandLine(process.argv.slice(2), installationOf([]));
// After a signal, in-flight work may hang on a connection to an external database.
if (code > 128) process.exit(code);
process.exitCode = code;
