import { expect, it } from 'vitest';
import { queryOfWords, titleWords } from './title-words.js';

it('makes a query of words, whatever is between them', () => {
  expect(queryOfWords(`interview_2019-11.mp4  Jörg's \\"a\\"`)).toBe(
    `'interview':* & '2019':* & '11':* & 'mp4':* & 'Jörg':* & 's':* & 'a':*`,
  );
  expect(queryOfWords(' …-- ')).toBe(`'…':*`);
  expect(queryOfWords(' -- ')).toBeUndefined();
});

it('separates words in SQL by the same characters', () => {
  expect(titleWords('title')).toBe(
    `to_tsvector('simple', translate(title, '!"#$%&''()*+,-./:;<=>?@[\\]^_\`{|}~', repeat(' ', 32)))`,
  );
});
