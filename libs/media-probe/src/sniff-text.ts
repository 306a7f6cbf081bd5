const PLAYLIST = 'a playlist that names other files';

/** What a text begins with, or has near its beginning, in lower case; the first that fits counts. */
const KINDS: readonly [RegExp, string][] = [
  [/^#extm3u|^ffconcat|^\[playlist\]|^\[reference\]|<mpd[\s>]|<smil[\s>]|<asx[\s>]/, PLAYLIST],
  [/^<!doctype html|<html[\s>]/, 'an HTML page'],
  [/<svg[\s>]/, 'an SVG image'],
  [/^</, 'an XML document'],
  [/^[{[]/, 'a JSON document'],
];

/** C0 controls other than tab, line feed, form feed and carriage return do not occur in text. */
// oxlint-disable-next-line no-control-regex
const BINARY = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f]/;

/**
 * What kind of text a file is ("an HTML page"), or null where it is not text.
 * @param head the first bytes of the file; a character cut in two at the end does no harm
 */
export function sniffText(head: Uint8Array): string | null {
  const text = decode(head);
  if (text === null || BINARY.test(text)) return null;
  const start = text.trimStart().toLowerCase();
  return KINDS.find(([pattern]) => pattern.test(start))?.[1] ?? 'plain text';
}

function decode(head: Uint8Array): string | null {
  const encoding = head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
  } catch {
    // Not a fault but the answer: these bytes are no text.
    return null;
  }
}
