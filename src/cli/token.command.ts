import { Command, InvalidArgumentError } from 'commander';
import { DEFAULT_LIFETIME, lifetime, overlap, WANTED_DURATION, WANTED_OVERLAP } from '../auth/lifetime.js';
import { isScope, SCOPES, type Scope } from '../auth/scopes.js';

// Loaded when a command runs: help and wrong arguments are answered without the application.
const actions = () => import('./token.actions.js');

const SCOPE_NAMES = Object.keys(SCOPES).join(', ');
const OWNER = 'project that the token must belong to';
const MAX_NAME = 128;

/** Access tokens from the command line. */
export function tokenCommand(): Command {
  const group = new Command('token').description('Access tokens: create, list, revoke, rotate');
  group
    .command('create')
    .description('Issue a token and print it alone on stdout; the project is made where it is new')
    .requiredOption('--project <name>', 'project that the token belongs to')
    .requiredOption('--name <name>', 'who uses the token', parseName)
    .requiredOption('--scope <scope>', `one of ${SCOPE_NAMES}; may be repeated`, collectScopes)
    .option(
      '--expires <duration>',
      'how long it is valid, such as 90d or 12h',
      parseLifetime,
      lifetime(DEFAULT_LIFETIME),
    )
    .action(async (options) => (await actions()).create(options));
  group
    .command('list')
    .description('Show tokens, newest first')
    .option('--project <name>', 'of this project alone')
    .action(async (options) => (await actions()).list(options));
  group
    .command('revoke')
    .description('End a token, within 5 seconds everywhere')
    .argument('<id>', 'id of the token')
    .option('--project <name>', OWNER)
    .action(async (id, options) => (await actions()).revoke(id, options));
  group
    .command('rotate')
    .description('Replace a token by one with the same name, scopes and lifetime; print it alone on stdout')
    .argument('<id>', 'id of the token')
    .option('--project <name>', OWNER)
    .option('--overlap <duration>', 'how long the old one stays valid, such as 1h', parseOverlap, 0)
    .action(async (id, options) => (await actions()).rotate(id, options));
  return group;
}

function parseName(text: string): string {
  if (text.trim() === '' || text.length > MAX_NAME || /\p{Cc}/u.test(text)) {
    throw new InvalidArgumentError(`A name is 1 to ${MAX_NAME} characters, not blank.`);
  }
  return text;
}

function collectScopes(text: string, before: Scope[] = []): Scope[] {
  if (!isScope(text)) throw new InvalidArgumentError(`A scope is one of ${SCOPE_NAMES}.`);
  return [...before, text];
}

function parseLifetime(text: string): number {
  const ms = lifetime(text);
  if (ms === undefined) throw new InvalidArgumentError(`This must be ${WANTED_DURATION}.`);
  return ms;
}

function parseOverlap(text: string): number {
  const ms = overlap(text);
  if (ms === undefined) throw new InvalidArgumentError(`This must be ${WANTED_OVERLAP}.`);
  return ms;
}
