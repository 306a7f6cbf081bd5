import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import type { Environment } from '../config/environment.js';
import { SealedError } from '../http/fastify-seal.js';

const LEVELS: LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];

/** Contexts of Nest's startup messages: a hundred lines that only matter for wiring problems. */
const WIRING = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory']);

/** The process log; Nest's wiring messages appear only from level `debug` on. */
class ProcessLogger extends ConsoleLogger {
  override log(message: unknown, ...rest: unknown[]): void {
    const context: unknown = rest.at(-1);
    if (typeof context === 'string' && WIRING.has(context)) this.debug(message, context);
    else super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    // It ends the start, which prints it with the name of the extension.
    if (message instanceof SealedError && rest.at(-1) === 'ExceptionHandler') return;
    super.error(message, ...rest);
  }

  protected override stringifyMessage(message: unknown, level: LogLevel): string {
    return super.stringifyMessage(typeof message === 'string' ? escaped(message) : message, level);
  }

  protected override printStackTrace(stack: string | undefined): void {
    const lines = stack?.split(/\r?\n/) ?? [];
    super.printStackTrace(lines.map((line) => escaped(line.replace(/^(?! {4})/, '    '))).join('\n'));
  }
}

/**
 * Text in one line that no terminal obeys: extensions and errors quote titles, hosts and files of strangers, who must
 * not be able to write a message of their own.
 */
function escaped(text: string): string {
  return text.replaceAll(/\r?\n/g, String.raw`\n`).replaceAll(/[^\P{Cc}\t]/gu, asInJson);
}

function asInJson(control: string): string {
  return String.raw`\u` + control.charCodeAt(0).toString(16).padStart(4, '0');
}

/** Creates a logger with the configured level, for people or for machines. */
export function createLogger({ LOG_LEVEL, LOG_JSON }: Environment): ConsoleLogger {
  const logLevels = LEVELS.slice(0, LEVELS.indexOf(LOG_LEVEL) + 1);
  return new ProcessLogger({ prefix: 'Reelport', json: LOG_JSON, logLevels });
}
