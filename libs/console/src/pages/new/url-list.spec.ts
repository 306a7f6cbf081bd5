import { expect, it } from 'vitest';
import { pastedList } from './url-list.js';

it('makes entries of URLs, on the lines on which they are', () => {
  expect(pastedList('\r\n https://x.example/1 \r\n\nbroken')).toEqual({
    name: 'urls.jsonl',
    content: '\n{"url":"https://x.example/1"}\n\n{"url":"broken"}',
    isUrls: true,
  });
});

it.each(['id,url\n1,https://x.example/1', '[{"id":"1","url":"https://x.example/1"}]', ''])(
  'leaves %j as it is',
  (content) => {
    expect(pastedList(content)).toEqual({ name: '', content, isUrls: false });
  },
);
