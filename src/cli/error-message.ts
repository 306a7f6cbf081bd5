import { EnvironmentError } from '../config/parse-environment.js';
import { ApiError } from '../http/api-error.js';
import { Interrupted } from './interruptible.js';

/** Formats an error in one line; faults of the environment have a line each. */
export function messageOf(error: unknown): string {
  if (error instanceof EnvironmentError) return error.message;
  if (error instanceof ApiError) return Object.values(error.details).join('; ');
  if (!(error instanceof Error)) return String(error);
  return error.message.replaceAll(/\s*\n\s*/g, ' ') || error.name;
}

/** 1, unless a signal interrupted the command. */
export function exitCodeOf(error: unknown): number {
  return error instanceof Interrupted ? error.exitCode : 1;
}
