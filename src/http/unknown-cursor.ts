import { type ApiError, badRequest } from './api-error.js';

/** 400 for an `after` that no page of this list has returned. */
export function unknownCursor(): ApiError {
  return badRequest({ after: 'Must be the cursor of a previous page' });
}
