import { ReelportError } from '../errors.js';
import { CommandError, ExitCode } from './exit-codes.js';

/** Statuses below 500 that do not blame the request: they are about its token, or the load of the server. */
const OTHER_CAUSES = new Set([401, 403, 408, 429]);

/** Whether it makes no sense to repeat the request: it is wrong, or its subject is in a state that does not allow it. */
export function isRefusal(error: unknown): error is ReelportError {
  return error instanceof ReelportError && error.status < 500 && !OTHER_CAUSES.has(error.status);
}

/** Names the import of a request, because it may be one of many. @throws CommandError if the request is refused */
export async function ofImport<T>(id: string, response: Promise<T>): Promise<T> {
  try {
    return await response;
  } catch (error) {
    throw isRefusal(error) ? new CommandError(`${id}: ${error.message}`, ExitCode.refused) : error;
  }
}
