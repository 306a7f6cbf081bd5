import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { freePort } from '../support/free-port.js';
import { until } from '../support/until.js';
import type { Language } from './languages.js';

const FOLDER = 'docs/webhooks';

/** A receiver of docs/webhooks in its own process. */
export class ReceiverProgram {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
    /** Everything that it printed until now. */
    readonly printed: () => string,
  ) {}

  /**
   * Compiles the receiver where necessary, and resolves when it answers.
   *
   * @param folder for compiled programs
   */
  static async start(language: Language, secret: string, folder: string): Promise<ReceiverProgram> {
    const port = await freePort();
    const [command, ...args] = await commandOf(language, folder, port);
    const child = spawn(command, args, {
      env: { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    const receiver = new ReceiverProgram(child, `http://127.0.0.1:${port}/hook`, () => output);
    const answers = async (): Promise<boolean> => {
      if (child.exitCode !== null) throw new Error(`The receiver ended with ${child.exitCode}:\n${output}`);
      return receiver.post('', {}).then(
        () => true,
        () => false,
      );
    };
    try {
      await until(`the receiver in ${language.name}`, answers, { explain: () => output });
    } catch (error) {
      await receiver.stop();
      throw error;
    }
    return receiver;
  }

  /** Starts the receiver without a secret. @returns whether it refused its work, and what it wrote about that */
  static async withoutSecret(
    language: Language,
    folder: string,
  ): Promise<{ refused: boolean; message: string }> {
    if (language.perRequest === true) {
      const receiver = await ReceiverProgram.start(language, '', folder);
      const status = await receiver.post('', {});
      await receiver.stop();
      return { refused: status === 500, message: firstError(receiver.printed()) };
    }
    const port = await freePort();
    const [command, ...args] = await commandOf(language, folder, port);
    const child = spawn(command, args, {
      env: { ...process.env, PORT: String(port), WEBHOOK_SECRET: undefined },
      stdio: ['ignore', 'ignore', 'pipe'],
      // Do not wait for a receiver that listens.
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    const [message] = await Promise.all([text(child.stderr), once(child, 'close')]);
    return { refused: child.exitCode === 1, message };
  }

  /** @returns the status of the response */
  async post(body: string | Buffer, headers: Readonly<Record<string, string>>): Promise<number> {
    const { status } = await fetch(this.url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
      signal: AbortSignal.timeout(60_000),
    });
    return status;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    // After its last output.
    const ended = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await ended;
  }
}

/** Compiles a receiver where necessary. @returns the command that starts it */
async function commandOf(
  language: Language,
  folder: string,
  port: number,
): Promise<readonly [string, ...string[]]> {
  const file = join(FOLDER, language.file);
  const program = join(folder, language.file.replace(/\W/g, '-'));
  if (language.build !== undefined) {
    const [compiler, ...args] = language.build(file, program);
    await promisify(execFile)(compiler, args);
  }
  return language.run(file, program, port);
}

/** The web server logs connections as well. */
const firstError = (log: string): string => log.split('\n').find((line) => line.includes('Set ')) ?? '';
