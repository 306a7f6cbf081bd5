#!/usr/bin/env node
import { runInterruptible } from './run.js';

/** `reelport …` */
process.exitCode = await runInterruptible(process.argv.slice(2));
