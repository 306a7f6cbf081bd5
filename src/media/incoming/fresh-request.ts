import type { KnownMedia, MediaItem, SourceValidators } from '../media-import.js';
import { PLAIN, type Question } from './decide.js';

/** A request with the headers that express its question. */
export interface FileRequest {
  question: Question;
  headers: Record<string, string>;
}

/** The request for a file of which nothing was downloaded yet: conditional if the library has it from the same URL. */
export function freshRequest({ payload }: MediaItem, known: KnownMedia | null): FileRequest {
  if (known === null || known.sourceUrl !== payload.url) return { question: PLAIN, headers: {} };
  return { question: { from: null, unlessSameAs: 'library' }, headers: ifChanged(known) };
}

/** RFC 9110, section 13.1.3: If-Modified-Since is for servers that do not know If-None-Match. */
export function ifChanged({ etag, lastModified }: SourceValidators): Record<string, string> {
  return {
    ...(etag !== null && { 'if-none-match': etag }),
    ...(lastModified !== null && { 'if-modified-since': lastModified }),
  };
}
