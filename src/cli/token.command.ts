import { Command, InvalidArgumentError, Option } from 'commander';
import type { Installation } from './installation.js';
import { DEFAULT_LIFETIME, lifetime, overlap, WANTED_DURATION, WANTED_OVERLAP } from '../auth/lifetime.js';
import { isScope, scopeNames, type Scope } from '../auth/scopes.js';

// Loaded on demand: help and usage errors need no application.
const actions = () => import('./token.actions.js');

const OWNER = 'project that must own the token';
const MAX_NAME = 128;

/** Access tokens from the command line. */
export function tokenCommand(installation: Installation): Command {
  const group = new Command('token').description('Manage access tokens: create, list, revoke, rotate');
  group
    .command('create')
    .description('Issue a token and print only the token to stdout; creates the project if it is new')
    .requiredOption('--project <name>', 'project of the token')
    .requiredOption('--name <name>', 'name that identifies the user of the token', parseName)
    .requiredOption('--scope <scope>', `scope, repeatable: ${scopeNames().join(', ')}`, collectScopes)
    .addOption(
      new Option('--expires <duration>', 'lifetime, such as 12h')
        .argParser(parseLifetime)
        .default(lifetime(DEFAULT_LIFETIME), DEFAULT_LIFETIME),
    )
    .action(async (options) => (await actions()).create(installation, options));
  group
    .command('list')
    .description('List tokens, newest first')
    .option('--project <name>', 'only tokens of this project')
    .action(async (options) => (await actions()).list(installation, options));
  group
    .command('revoke')
    .description('Revoke a token; takes effect everywhere within 5 seconds')
    .argument('<id>', 'id of the token')
    .option('--project <name>', OWNER)
    .action(async (id, options) => (await actions()).revoke(installation, id, options));
  group
    .command('rotate')
    .description(
      'Replace a token with one of the same name, scopes and lifetime; print only the new token to stdout',
    )
    .argument('<id>', 'id of the token')
    .option('--project <name>', OWNER)
    .option('--overlap <duration>', 'how long the old token stays valid, such as 1h', parseOverlap, 0)
    .action(async (id, options) => (await actions()).rotate(installation, id, options));
  return group;
}

function parseName(text: string): string {
  if (text.trim() === '' || text.length > MAX_NAME || /\p{Cc}/u.test(text)) {
    throw new InvalidArgumentError(
      `Must be 1 to ${MAX_NAME} characters, not blank, without control characters.`,
    );
  }
  return text;
}

function collectScopes(text: string, before: Scope[] = []): Scope[] {
  if (!isScope(text)) throw new InvalidArgumentError(`Must be one of ${scopeNames().join(', ')}.`);
  return [...before, text];
}

function parseLifetime(text: string): number {
  const ms = lifetime(text);
  if (ms === undefined) throw new InvalidArgumentError(`Must be ${WANTED_DURATION}.`);
  return ms;
}

function parseOverlap(text: string): number {
  const ms = overlap(text);
  if (ms === undefined) throw new InvalidArgumentError(`Must be ${WANTED_OVERLAP}.`);
  return ms;
}
