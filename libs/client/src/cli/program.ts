import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ReelportError, UnexpectedResponseError } from '../errors.js';
import { causeOf } from '../retrying.js';
import { commandName } from './command-name.js';
import { apply, type ApplyOptions } from './commands/apply.js';
import type { FollowOptions, NamedOptions } from './commands/follow.js';
import { failures, type FailuresOptions } from './commands/failures.js';
import { importFile, type ImportOptions } from './commands/import.js';
import {
  cancel,
  report,
  retry,
  status,
  watch,
  type ReportOptions,
  type SubsetOptions,
} from './commands/imports.js';
import { remove, restore, type RemoveOptions } from './commands/media.js';
import { login, type LoginOptions } from './commands/login.js';
import { listen, type ListenOptions } from './commands/listen.js';
import { planFile } from './commands/plan.js';
import { reconcile, type ReconcileOptions } from './commands/reconcile.js';
import { verify, type VerifyOptions } from './commands/verify.js';
import { CommandError, ExitCode } from './exit-codes.js';
import type { RunOptions } from './import/run-options.js';
import { fileCause, isFileError } from './file-error.js';
import { INPUT_FORMATS } from '../table/format.js';
import { message } from './output.js';
import { clientVersion } from './version.js';
import { isRefusal } from './refusal.js';
import { UnreachableError, type ServerOptions } from './session.js';

const EXIT_CODES = `
Exit codes:
  0    everything was imported or skipped
  1    some items failed
  2    wrong usage, or a file that cannot be read or written
  3    the input has faults; nothing was sent
  4    the token is missing, was refused, or lacks a scope
  5    the server cannot be reached, or its answer is not Reelport's
  6    the state file is in use, or belongs to another run
  7    the library or the receipt differs from the list, or lines of it cannot be read
  8    the receipt, its ledger or its keys do not verify
  9    listen: the receiver did not accept every event
  10   the server refused the request, such as for an unknown id or a running import
  130  interrupted; the same command continues
  141  stdout was closed`;

const MAX_BATCH = 10_000;
/** Of the commands that need the system of a list. */
const SYSTEM = ['--system <name>', 'system name of the archive'] as const;

/**
 * Runs a command of the partner's toolkit.
 *
 * @param args arguments after the program name
 * @param signal aborted by Ctrl-C
 * @returns the exit code
 */
export async function runClient(args: readonly string[], signal: AbortSignal): Promise<number> {
  let code: number = ExitCode.ok;
  const program = clientProgram(signal, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    if (signal.aborted) {
      message('');
      message('Interrupted; run the same command again to continue');
      return ExitCode.interrupted;
    }
    return explain(error);
  }
}

/** Names of all commands. */
export function clientCommands(): string[] {
  const program = clientProgram(new AbortController().signal, () => undefined);
  return program.commands.map((command) => command.name());
}

const server = (): Option =>
  new Option('--url <url>', 'server; default: REELPORT_URL, or that of the last login');

const manifestMap = (): Option =>
  new Option('--map <field=column>', 'column of id, sha256 or size, repeatable')
    .argParser(collectManifestMap)
    .default(new Map(), 'by name');

function clientProgram(signal: AbortSignal, done: (code: number) => void): Command {
  const program = new Command(commandName())
    .description('Imports lists of videos into Reelport and proves that every one arrived')
    .version(clientVersion(), '-V, --version', 'display the version')
    .addHelpText('after', EXIT_CODES);

  withRequired(program.command('login'), '--url <url>', 'server, such as https://reelport.example.com')
    .description('checks a token, read from stdin or a file, and keeps it for later commands')
    .option('--token-file <file>', 'file of mode 0600 with the token; default: stdin')
    .action(async (options: LoginOptions) => done(await login(options)));

  withInputOptions(program.command('plan <file>'))
    .description('predicts what an import of a list would do; imports nothing')
    .option('--result <file>', 'writes one CSV line per item, with its prediction')
    .action(async (file: string, options: RunOptions) => done(await planFile(file, options, signal)));
  withInputOptions(program.command('import <file>'))
    .description('imports a list (CSV, TSV, JSON Lines or JSON; - is stdin) and follows it to the end')
    .option('--result <file>', 'writes one CSV line per item at the end')
    .option('--no-watch', 'ends after the last batch was accepted; prints the ids of the imports')
    .action(async (file: string, options: ImportOptions) => done(await importFile(file, options, signal)));
  withFollowOptions(program.command('apply [ids...]'))
    .description('imports what was planned, and follows it to the end')
    .option('--no-watch', 'does not follow it')
    .action(async (ids: string[], options: ApplyOptions) => done(await apply(ids, options, signal)));
  withFollowOptions(program.command('watch [ids...]'))
    .description('follows imports to the end')
    .action(async (ids: string[], options: FollowOptions) => done(await watch(ids, options, signal)));

  program
    .command('status [ids...]')
    .description('prints an import as JSON, several as an array')
    .addOption(server())
    .option('--state <file>', 'imports of a state file')
    .action(async (ids: string[], options: NamedOptions) => done(await status(ids, options)));
  program
    .command('failures [ids...]')
    .description('groups the failed items of imports by cause, and says what to do about each')
    .addOption(server())
    .option('--state <file>', 'imports of a state file')
    .option('--json', 'prints JSON', false)
    .action(async (ids: string[], options: FailuresOptions) => done(await failures(ids, options)));
  withSubsetOptions(program.command('retry [ids...]'))
    .description('runs failed items of imports again; all of them without filters')
    .action(async (ids: string[], options: SubsetOptions) => done(await retry(ids, options)));
  withSubsetOptions(program.command('cancel [ids...]'))
    .description('cancels unfinished items of imports; all of them without filters')
    .action(async (ids: string[], options: SubsetOptions) => done(await cancel(ids, options)));
  program
    .command('report [ids...]')
    .description('writes the report of imports')
    .addOption(server())
    .option('--state <file>', 'imports of a state file')
    .addOption(new Option('--format <format>', 'format').choices(['csv', 'ndjson']).default('csv'))
    .option('-o, --output <file>', 'file; default: stdout')
    .action(async (ids: string[], options: ReportOptions) => done(await report(ids, options, signal)));

  withRequired(
    program.command('listen').addOption(server()),
    '--forward-to <url>',
    'receiver, such as http://localhost:8080/hook',
  )
    .description('sends the events of the project to a local address, signed as webhooks')
    .option('--import <id>', 'only events of this import, from its beginning; ends with the import')
    .option('--state <file>', 'only events of the imports of a state file')
    .action(async (options: ListenOptions) => done(await listen(options, signal)));
  withRequired(program.command('reconcile <file>').addOption(server()), ...SYSTEM)
    .description('compares a list with the library; writes what differs as JSON lines')
    .option('--kind <kind>', 'kind of media', 'videos')
    .addOption(
      new Option('--format <format>', 'format of the input; default: detected').choices(INPUT_FORMATS),
    )
    .option('--delimiter <character>', 'delimiter of CSV; default: detected', parseDelimiter)
    .addOption(manifestMap())
    .option('--mapping <file>', 'column of the id from the mapping of an import')
    .option('-o, --output <file>', 'file; default: stdout')
    .option('--json', 'totals as JSON on stdout', false)
    .action(async (file: string, options: ReconcileOptions) => done(await reconcile(file, options, signal)));
  program
    .command('verify [receipts...]')
    .description(
      'verifies receipts: files, folders of --save, or ids of imports, whose receipts and ledgers are fetched',
    )
    .addOption(server())
    .option('--state <file>', 'imports of a state file')
    .option('--jwks <file>', 'public keys; default: those of the folder or the server')
    .option('--ledger <file>', 'ledger of a single import')
    .option('--manifest <list>', 'list whose entries must all have arrived')
    .option('--save <folder>', 'keeps receipts, ledgers and keys for a verification without the server')
    .option('--json', 'receipts, totals and entries that are not proved as JSON on stdout', false)
    .addOption(
      new Option('--format <format>', 'format of the list; default: detected').choices(INPUT_FORMATS),
    )
    .option('--delimiter <character>', 'delimiter of CSV; default: detected', parseDelimiter)
    .addOption(manifestMap())
    .option('--mapping <file>', 'column of the id from the mapping of an import')
    .action(async (receipts: string[], options: VerifyOptions) =>
      done(await verify(receipts, options, signal)),
    );
  program
    .command('remove <media-ids...>')
    .description('removes media from the library; asks first')
    .addOption(server())
    .option('--yes', 'asks no question', false)
    .action(async (ids: string[], options: RemoveOptions) => done(await remove(ids, options, signal)));
  program
    .command('restore <media-ids...>')
    .description('brings removed media back, within the grace period of the server')
    .addOption(server())
    .action(async (ids: string[], options: ServerOptions) => done(await restore(ids, options, signal)));

  for (const command of [program, ...program.commands]) {
    const path = command === program ? program.name() : `${program.name()} ${command.name()}`;
    command.exitOverride().showHelpAfterError(`Run "${path} --help" for what there is`);
  }
  return program;
}

/** An option whose absence is said only after unknown options, because a typing error in its name is the likelier cause. */
function withRequired(command: Command, flags: string, description: string): Command {
  const option = new Option(flags, description);
  return command.addOption(option).hook('preAction', () => {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (value === undefined || value === '') command.error(`error: required option '${flags}' not specified`);
  });
}

/** Options of the commands that read a list. */
function withInputOptions(command: Command): Command {
  return withRequired(command.addOption(server()), ...SYSTEM)
    .option('--kind <kind>', 'kind of media', 'videos')
    .addOption(
      new Option('--format <format>', 'format of the input; default: detected').choices(INPUT_FORMATS),
    )
    .option('--delimiter <character>', 'delimiter of CSV; default: detected', parseDelimiter)
    .addOption(
      new Option('--map <field=column>', 'column of id, url, title, sha256 or size, repeatable')
        .argParser(collectMap)
        .default(new Map(), 'by name'),
    )
    .addOption(
      new Option('--ignore <column>', 'column that is left out, repeatable')
        .argParser(collectSet)
        .default(new Set(), 'none'),
    )
    .option('--mapping <file>', 'reads the column mapping from a file, or writes it there the first time')
    .option('--batch <size>', 'entries per batch', parseBatch, 1_000)
    .option('--state <file>', 'progress of this run; default: beside the input')
    .option('--again', 'begins a new run although the state file has one', false)
    .option('--webhook <url>', 'receives a signed POST when a batch is finished')
    .option('--check', 'checks the input only', false)
    .option('--json', 'progress as JSON lines on stderr, totals as JSON on stdout', false)
    .option('--quiet', 'no progress', false);
}

/** Options of the commands that follow imports. */
function withFollowOptions(command: Command): Command {
  return command
    .addOption(server())
    .option('--state <file>', 'imports of a state file')
    .option('--result <file>', 'writes one CSV line per item at the end')
    .option('--json', 'progress as JSON lines on stderr, totals as JSON on stdout', false)
    .option('--quiet', 'no progress', false);
}

/** Options of the commands that act on some items of an import. */
function withSubsetOptions(command: Command): Command {
  return command
    .addOption(server())
    .option('--state <file>', 'imports of a state file')
    .option('--code <code>', 'only items with this failure code')
    .option('--host <host>', 'only items from this host, with its port unless it is the default one')
    .option(
      '--http-status <status>',
      'only items whose last failure had this HTTP status, or none',
      httpStatus,
    )
    .option('--id <externalId>', 'only this item, repeatable', collect, [])
    .option('--dry-run', 'only counts them', false);
}

/** One message for a person, and the exit code of its cause. */
function explain(error: unknown): number {
  if (error instanceof CommandError) {
    message(error.message);
    return error.exitCode;
  }
  if (error instanceof ReelportError) {
    const isAuth = error.status === 401 || error.status === 403;
    message(error.message);
    if (error.status === 401) message(`Run "${commandName()} login" with a valid token`);
    if (error.status === 403) message(`Ask the operator for a token${scopeOf(error)}`);
    if (isAuth) return ExitCode.auth;
    return isRefusal(error) ? ExitCode.refused : ExitCode.server;
  }
  if (isFileError(error)) {
    message(`${error.path}: ${fileCause(error)}`);
    return ExitCode.usage;
  }
  const isPlain = error instanceof UnexpectedResponseError || error instanceof UnreachableError;
  message(isPlain ? error.message : causeOf(error));
  return ExitCode.server;
}

/** The scopes that the server names. */
function scopeOf({ details }: ReelportError): string {
  const [named] = /with the scopes? .+$/.exec(details['scope'] ?? '') ?? [];
  return ` ${named ?? 'that may do this'}`;
}

function parseDelimiter(text: string): string {
  const delimiter = text === '\\t' || text === 'tab' ? '\t' : text;
  if (delimiter.length !== 1) throw new InvalidArgumentError('Must be one character, or "tab".');
  return delimiter;
}

function parseBatch(text: string): number {
  const size = Number(text);
  if (Number.isInteger(size) && size >= 1 && size <= MAX_BATCH) return size;
  throw new InvalidArgumentError(`Must be an integer from 1 to ${MAX_BATCH}.`);
}

function httpStatus(text: string): number | 'none' {
  if (text === 'none') return text;
  if (/^[1-9]\d\d$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Must be an HTTP status, such as 503, or none.');
}

function collectMap(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [field = '', ...column] = text.split('=');
  if (!['id', 'url', 'title', 'sha256', 'size'].includes(field) || column.length === 0) {
    throw new InvalidArgumentError('Must be FIELD=COLUMN with the field id, url, title, sha256 or size.');
  }
  return new Map([...before, [field, column.join('=')]]);
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function collectManifestMap(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [field = '', ...column] = text.split('=');
  if (!['id', 'sha256', 'size'].includes(field) || column.length === 0) {
    throw new InvalidArgumentError('Must be id=COLUMN, sha256=COLUMN or size=COLUMN.');
  }
  return new Map([...before, [field, column.join('=')]]);
}

function collectSet(text: string, before: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...before, text]);
}
