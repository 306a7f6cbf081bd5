import { type Mutation, of } from './mutations.js';

const incoming = (name: string): string => `src/media/incoming/${name}`;
const PROPERTY = 'test/downloads/one-version.property.spec.ts';
const RULES = [incoming('decide.spec.ts'), incoming('source-version.spec.ts'), PROPERTY];

/** Every check that keeps a stored file one version of its source, with a mutation that removes it. */
export const DOWNLOAD_MUTATIONS: readonly Mutation[] = [
  ...of(
    incoming('source-version.ts'),
    RULES,
    ['only strong entity tags', 'etag !== undefined && STRONG_ETAG.test(etag)', 'etag !== undefined'],
    ['age of a date', ' && age >= STRONG_AFTER_MS'],
    ['strong validator is present', 'strong === null || '],
    [
      'no validator contradicts',
      ' || differ(held, other)) return false;\n  return strong',
      ') return false;\n  return strong',
    ],
    [
      'strong validator is equal',
      'return strong === held.etag ? other.etag === strong : other.lastModified === strong;',
      'return true;',
    ],
    ['entity tag takes precedence over the date', 'strong === held.etag ? other.etag === strong : ', ''],
    ['equivalent: no validator contradicts', '  if (differ(held, other)) return false;\n  const', '  const'],
    ['equivalent: a validator confirms', "return share('etag') || share('lastModified');", 'return true;'],
    ['other entity tag', 'isOther(opaque(held.etag), opaque(other.etag)) || '],
    ['other date', ' || isOther(held.lastModified, other.lastModified)'],
  ),
  ...of(
    incoming('body-length.ts'),
    RULES,
    ['several parts', "  if (/^multipart\\/byteranges/i.test(headers['content-type'] ?? '')) return null;\n"],
    ['length of the range', 'length === null || length === last - first + 1', 'true'],
  ),
  ...of(
    incoming('decide.ts'),
    RULES,
    ['304 to another condition', "status === 304 && question.unlessSameAs === 'library'", 'status === 304'],
    ['304: same place', 'held.servedFrom === placeOf(url) && !differ', '!differ'],
    ['304: same version', ' && !differ(held.version, versionOf(headers))'],
    ['206: requested range', ' || range.first !== from'],
    ['206: recorded total', 'total !== (held.total ?? total) || '],
    ['206: up to the last byte', ' || range.last + 1 !== total'],
    ['206: same place', 'held.servedFrom !== placeOf(url) || !isSameVersion', '!isSameVersion'],
    ['206: same version', ' || !isSameVersion(held.version, versionOf(headers))'],
    ['whole: from the first byte', ' && range.first === 0'],
    ['whole: to the last byte', ' && range.last + 1 === range.total'],
    ['whole: not a part', "  if (!isWhole && (status === 206 || 'content-range' in headers)) return null;\n"],
    ['whole: 200 with a range', "(status === 206 || 'content-range' in headers)", 'status === 206'],
    ['whole: same place', ' || held.servedFrom !== placeOf(url))\n', ')\n'],
    ['held: complete', 'isComplete(held) && agrees', 'agrees'],
    ['held: same length', 'agrees && '],
    ['held: same version', ' && isEquivalent(held.version, version)'],
    ['recorded length', 'length: declared ?? noted', 'length: declared'],
    ['recorded length is not reused', 'total: declared };\n}', 'total: declared ?? noted };\n}'],
    ['rejected conditions', 'isFile || status === 304 || isRefusal(status)', 'isFile || status === 304'],
    ['part for a plain request', "because: isFile ? 'part' : 'status'", "because: 'status'"],
    ['body too short', "received < length ? 'truncated' : 'overlong'", "'overlong'"],
    ['body too long', "received < length ? 'truncated' : 'overlong'", "'truncated'"],
    ['lengths of bodies', 'length === null || received === length', 'true'],
  ),
  ...of(
    incoming('transfer.ts'),
    [PROPERTY, 'test/downloads/validators.spec.ts', 'test/downloads/too-large.spec.ts'],
    ['permanent failures keep nothing', 'isFinal ? this.discard() : this.keep()', 'this.keep()'],
    [
      'the size limit includes earlier bytes',
      "    if (from + length > this.options.maxBytes) throw failure('TOO_LARGE', { host: 'answered' });\n",
    ],
    ['the resumed part is compared', 'from > 0 ? await asBefore(body, path, from) : given', 'given'],
    ['verdict on the written bytes', '    this.judge(length, received);\n    // Without', '    // Without'],
    [
      'empty body without a declared length',
      "failure('EMPTY', { retryable: length === null })",
      "failure('EMPTY')",
    ],
    ['failures other than interruptions', 'if (isBreak(error)) local.worth = worth;', 'local.worth = worth;'],
    ['entity tag missing in a part', 'etag: etag ?? known.etag', 'etag'],
    ['date missing in a part', 'lastModified: lastModified ?? known.lastModified', 'lastModified'],
    ['undeclared length', "lengthDeclared ? 'whole' : worth", "'whole'"],
  ),
  ...of(
    incoming('overlap.ts'),
    [PROPERTY],
    [
      'overlapping bytes',
      '    if (!expected.equals(chunk.subarray(0, expected.length))) throw new OtherBytesError();\n',
    ],
  ),
  ...of(
    incoming('incoming-files.ts'),
    [PROPERTY],
    [
      'URL of the item',
      "      if (note.url !== item.payload.url) throw new Error('The URL of the item has changed');\n",
    ],
    ['no bytes', 'size === 0 || '],
    ['bytes after the end', ' || size > (total ?? size)'],
  ),
  ...of(
    incoming('partial-note.ts'),
    [PROPERTY],
    ['incomplete note', '    if (error instanceof SyntaxError || error instanceof TypeError) return null;\n'],
  ),
  ...of(
    incoming('write-body.ts'),
    [incoming('write-body.spec.ts')],
    ['end of a body that is too long', '      if (counter.received > maxBytes) break;\n'],
  ),
];
