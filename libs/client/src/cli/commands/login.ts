import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline/promises';
import { createClient } from '../../client.js';
import { plainUrl, saveToken, tokenIn } from '../credentials.js';
import { CommandError, ExitCode } from '../exit-codes.js';
import { message } from '../output.js';
import { fetchFrom } from '../session.js';

export interface LoginOptions {
  readonly url: string;
  readonly tokenFile?: string;
}

/** Checks a token against the server and keeps it. It is read from a file or stdin, never from an argument. */
export async function login({ url, tokenFile }: LoginOptions): Promise<number> {
  const server = plainUrl(url);
  const token = tokenFile === undefined ? await tokenOfStdin() : await tokenIn(tokenFile);
  if (token === '') throw new CommandError('No token was given', ExitCode.auth);
  const client = createClient({ url: server, token, retry: { retries: 2 }, fetch: fetchFrom(server) });
  const { project, scopes } = await client.whoAmI();
  const path = await saveToken(server, token);
  message(`Logged in to ${server}; the token is in ${path}`);
  message(`Project ${project}; scopes of the token: ${scopes.join(', ')}`);
  return ExitCode.ok;
}

/** Does not echo on a terminal. */
async function tokenOfStdin(): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).trim();
  const prompt = createInterface({ input: process.stdin, terminal: true });
  process.stderr.write('Token: ');
  try {
    return (await prompt.question('')).trim();
  } finally {
    prompt.close();
    process.stderr.write('\n');
  }
}
