import { notFound, type ApiError } from '../http/api-error.js';

/** 404 for an import that is not there, and for one of another project alike. */
export function importNotFound(): ApiError {
  return notFound('No import has this id');
}
