import type { Codes } from '../../extension/codes.js';
import type { MediaKindPart } from '../../extension/define-media-kind.js';
import { RawJson } from '../../http/raw-json.js';
import { withoutQuery } from '../../imports/failures/without-query.js';
import type { ImportKind } from '../../imports/import-kind.js';
import type { StoredEntry } from '../../imports/request/stored-entry.js';
import type { ResultField, ResultSource, StoredResult } from '../../imports/result/result-field.js';
import type { MediaPayload } from '../media-import.js';
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
    urlOf,
    entryOf,
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

function urlOf(payload: object): string | null {
  return 'url' in payload && typeof payload.url === 'string' ? payload.url : null;
}

/** Metadata that lost digits in parsing is that of the request, byte for byte. */
function entryOf({ externalId, title, payload }: StoredEntry): object {
  const { url, metadataText, ...fields }: Partial<MediaPayload> = payload;
  return {
    url: withoutQuery(url ?? null),
    id: externalId,
    fileName: title,
    ...fields,
    ...(metadataText !== undefined && { metadata: new RawJson(metadataText) }),
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
