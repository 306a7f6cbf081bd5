import { type ApiError, badRequest } from './api-error.js';

/** What is said of an `after` that no page of this list has handed out. */
export function unknownCursor(): ApiError {
  return badRequest({ after: 'This must be the cursor of the page before' });
}
