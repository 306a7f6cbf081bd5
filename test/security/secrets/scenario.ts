import type { NewVideo } from '../../support/api.js';
import type { Answer } from '../../support/origin.js';
import type { Marks } from './marks.js';

/** The behaviour of an archive for one video, and the resulting failure code. */
export interface Misfortune {
  answers?: Answer[];
  /** Base URL, if it is not the archive. */
  base?: string;
  metadata?: NewVideo['metadata'];
  code: string | null;
}

/** Sources of the videos. Every URL gets a query with the marked signature. */
export interface Surroundings {
  video: () => Buffer;
  /** `https://` URL of an archive without TLS. */
  withoutTls: string;
  /** An address that nothing listens on. */
  unreachable: string;
}

/** A `rating` must be an integer. */
export const METADATA_SCHEMA = { type: 'object', properties: { rating: { type: 'integer' } } };

/** One video for each failure whose reason could contain a URL, an answer or a metadata value. */
export function misfortunes(
  marks: Marks,
  { video, withoutTls, unreachable }: Surroundings,
): Record<string, Misfortune> {
  const marked = {
    headers: { 'x-marked': marks['answerHeader'] ?? '' },
    body: Buffer.from(marks['answerBody'] ?? ''),
  };
  const query = `?token=${marks['redirectQuery']}`;
  return {
    good: { answers: [{ body: video() }], code: null },
    missing: { answers: [{ status: 404, ...marked }], code: 'HTTP_STATUS' },
    broken: { answers: [{ status: 500, ...marked }], code: 'HTTP_STATUS' },
    reset: { answers: [{ reset: true }], code: 'CONNECTION_FAILED' },
    refused: { base: unreachable, code: 'CONNECTION_FAILED' },
    'no-host': { base: 'http://no-such-host.invalid', code: 'HOST_NOT_FOUND' },
    'no-tls': { base: withoutTls, code: 'TLS_FAILED' },
    'redirect-inside': { answers: redirect(`http://10.1.2.3/${query}`), code: 'URL_BLOCKED' },
    'redirect-password': {
      answers: redirect(`http://user:${marks['redirectPassword']}@127.0.0.1/${query}`),
      code: 'URL_BLOCKED',
    },
    'redirect-nowhere': { answers: redirect(`http://[${query}`), code: 'HTTP_STATUS' },
    'redirect-loop': { answers: redirect(`/redirect-loop.mp4${query}`), code: 'TOO_MANY_REDIRECTS' },
    html: { answers: [{ body: Buffer.from(`<html>${marks['answerBody']}</html>`) }], code: 'NOT_A_VIDEO' },
    playlist: {
      answers: [{ body: Buffer.from(`#EXTM3U\nhttp://10.1.2.3/${query}\n`) }],
      code: 'NOT_A_VIDEO',
    },
    empty: { answers: [{ body: Buffer.alloc(0) }], code: 'EMPTY' },
    cut: { answers: [{ body: video(), cutAfterBytes: 100 }], code: 'TRUNCATED' },
    metadata: {
      answers: [{ body: video() }],
      metadata: { rating: marks['metadataValue'] },
      code: 'METADATA_INVALID',
    },
  };
}

function redirect(to: string): Answer[] {
  return [{ redirectTo: to }];
}
