#!/usr/bin/env node
import 'reflect-metadata';
import { commandName, isClientCommand, runInterruptible } from '#libs/client/cli';

/** `npx reelport …`: commands of operators, such as `token` and `project`, and those of partners, such as `import`. */
const args = process.argv.slice(2);
if (isClientCommand(args[0])) process.exitCode = await runInterruptible(args);
else {
  const { commandLine } = await import('./cli/command-line.js');
  const { installationOf } = await import('./create-reelport.js');
  const code = await commandLine(args, installationOf([]), commandName());
  // After a signal, in-flight work may hang on a connection to an external database.
  if (code > 128) process.exit(code);
  process.exitCode = code;
}
