const PLAYLIST = 'a playlist that names other files';

/** Kinds of text by lower-case patterns near the start; the first match counts. */
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
 * Identifies text files.
 *
 * @param head the first bytes of the file; may end within a character
 * @returns the kind of text, such as "an HTML page"; null if the file is not text
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
    // Expected: these bytes are not text.
    return null;
  }
}
