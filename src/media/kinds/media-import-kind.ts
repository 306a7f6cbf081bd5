import type { Codes } from '../../extension/codes.js';
import type { MediaKindPart } from '../../extension/define-media-kind.js';
import type { ImportKind } from '../../imports/import-kind.js';
import type { ResultField, ResultSource, StoredResult } from '../../imports/result/result-field.js';
import type { MediaUrls } from '../serving/media-urls.js';

/** Part of `MediaUrls` that results need. */
type Urls = Pick<MediaUrls, 'base' | 'suffix' | 'service' | 'urlOf'>;

/**
 * A kind of media as the API sees it: results contain its facts, except those of the library only.
 *
 * Everything that depends on the port is read when it is needed, because it is known only once the server listens.
 */
export function mediaImportKind(
  { name, noun, facts }: Pick<MediaKindPart, 'name' | 'noun' | 'facts'>,
  codes: Codes,
  urls: Urls,
): ImportKind {
  const shown = Object.entries(facts).flatMap(([fact, { inStatus }]) => (inStatus ? [member(fact)] : []));
  return {
    name,
    noun,
    codes,
    urlOf: (payload) => ('url' in payload && typeof payload.url === 'string' ? payload.url : null),
    get result() {
      return [
        member('mediaId'),
        { name: 'originalUrl', source: original(urls) },
        { name: 'url', source: served(urls, name) },
        ...shown,
        member('mimeType'),
        { name: `${noun}Service`, source: { text: urls.service } },
      ];
    },
    get report() {
      return [
        member('mediaId'),
        member('sha256'),
        { name: 'bytes', source: { member: 'size' } },
        { name: 'url', source: served(urls, name) },
      ];
    },
  };
}

function member(name: string): ResultField {
  return { name, source: { member: name } };
}

function original({ base }: Urls): ResultSource {
  return { before: base, member: 'storageKey', after: '' };
}

/** The URL for players and pages: the original with a suffix, or what the media service makes of it. */
function served({ base, suffix, urlOf }: Urls, kind: string): ResultSource {
  if (urlOf === undefined) return { before: base, member: 'storageKey', after: suffix };
  return {
    compute: ({ storageKey, mimeType }: StoredResult) =>
      typeof storageKey === 'string'
        ? urlOf({ key: storageKey, kind, mimeType: String(mimeType), originalUrl: base + storageKey })
        : null,
  };
}
