import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import type { Environment } from './config/environment.js';

const LEVELS: LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];

/** The log of a process, on the configured level, for people or for machines. */
export function createLogger({ LOG_LEVEL, LOG_JSON }: Environment): ConsoleLogger {
  const logLevels = LEVELS.slice(0, LEVELS.indexOf(LOG_LEVEL) + 1);
  return new ConsoleLogger({ prefix: 'Reelport', json: LOG_JSON, logLevels });
}
