import { notFound, type ApiError } from '../http/api-error.js';

/** 404 for an unknown import, and equally for an import of another project. */
export function importNotFound(): ApiError {
  return notFound('No import has this id');
}
