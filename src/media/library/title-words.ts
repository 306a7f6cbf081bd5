/** Characters between words, besides white space. */
const PUNCTUATION = `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`;

/** SQL: the words of a title, as in the index \`media_title_words_idx\`. */
export function titleWords(column: string): string {
  const quoted = PUNCTUATION.replace("'", "''");
  return `to_tsvector('simple', translate(${column}, '${quoted}', repeat(' ', ${PUNCTUATION.length})))`;
}

/** A query for \`to_tsquery()\` that finds titles with words that begin with all of these; undefined if there are none. */
export function queryOfWords(text: string): string | undefined {
  const words = text.split(/[\s!-/:-@[-`{-~]+/).filter((word) => word !== '');
  return words.length === 0 ? undefined : words.map((word) => `'${word}':*`).join(' & ');
}
