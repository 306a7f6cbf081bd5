import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { commandName } from './command-name.js';
import { CommandError, ExitCode } from './exit-codes.js';

interface Credentials {
  /** Tokens by URL of the server. */
  readonly servers: Readonly<Record<string, string>>;
  /** The server of the last login. */
  readonly current?: string;
}

const NONE: Credentials = { servers: {} };
/** Others may read or write the file. */
const FOREIGN = 0o077;

/** `$XDG_CONFIG_HOME/reelport/credentials.json`, by default below `~/.config`. */
export function credentialsPath(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'reelport', 'credentials.json');
}

/** Keeps a token for a server, in a file that only its owner can read. */
export async function saveToken(url: string, token: string): Promise<string> {
  const path = credentialsPath();
  const { servers } = await read(path);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.new`;
  const content: Credentials = { servers: { ...servers, [url]: token }, current: url };
  await writeFile(next, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await chmod(next, 0o600);
  await rename(next, path);
  return path;
}

export interface Access {
  readonly url: string;
  readonly token: string;
}

/**
 * The server and the token of a command: `REELPORT_URL` and `REELPORT_TOKEN`, else those of the last login.
 *
 * @param url of `--url`
 * @throws CommandError if one of them is missing
 */
export async function accessOf(url: string | undefined): Promise<Access> {
  const { servers, current } = await read(credentialsPath());
  const server = url ?? process.env['REELPORT_URL'] ?? current;
  if (server === undefined) {
    throw new CommandError(
      `Which server? Run "${commandName()} login --url URL", or set REELPORT_URL`,
      ExitCode.auth,
    );
  }
  const plain = plainUrl(server);
  const token = process.env['REELPORT_TOKEN'] ?? servers[plain];
  if (token === undefined || token === '') {
    throw new CommandError(
      `No token for ${plain}: run "${commandName()} login --url ${plain}", or set REELPORT_TOKEN`,
      ExitCode.auth,
    );
  }
  return { url: plain, token };
}

/** @throws CommandError if the text is no http(s) URL */
export function plainUrl(text: string): string {
  if (!/^https?:\/\/[^\s/?#]+[^\s?#]*$/i.test(text)) {
    throw new CommandError(
      `${text} is no URL of a server, such as https://reelport.example.com`,
      ExitCode.usage,
    );
  }
  return text.replace(/\/+$/, '');
}

/** Reads a token from a file of mode 0600. @throws CommandError if others can read it */
export async function tokenIn(file: string): Promise<string> {
  const { mode } = await stat(file).catch(() => {
    throw new CommandError(`Cannot read ${file}`, ExitCode.usage);
  });
  if ((mode & FOREIGN) !== 0 && process.platform !== 'win32') {
    throw new CommandError(`Others can read ${file}; run: chmod 600 ${file}`, ExitCode.usage);
  }
  return (await readFile(file, 'utf8')).trim();
}

async function read(path: string): Promise<Credentials> {
  try {
    const credentials: Credentials = JSON.parse(await readFile(path, 'utf8'));
    return typeof credentials.servers === 'object' ? credentials : NONE;
  } catch {
    return NONE;
  }
}
