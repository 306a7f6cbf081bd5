import { parseEnvironment } from '../../src/config/parse-environment.js';
import { causeOf, cureOf, STATUS_CURES } from '../../src/imports/failures/cures.js';
import { mediaCodes } from '../../src/media/kinds/media-kind-routes.js';
import { videoKind } from '../../src/videos/video-kind.js';

const NOUN = 'video';

/** Replaces the tables of codes and of HTTP statuses between their marks. @throws Error if a mark is missing */
export function withFailureTables(document: string): string {
  const codes = mediaCodes(videoKind(parseEnvironment()), {});
  const ofCodes = Object.entries(codes).map(([code, { retryable }]) => {
    const cure = cureOf(codes, { code, httpStatus: null, retryable }, NOUN);
    return `| \`${code}\` | ${causeOf(codes, code, NOUN) ?? ''} | ${retryable ? 'yes' : 'no'} | ${cure} |`;
  });
  const ofStatuses = Object.entries(STATUS_CURES).map(([status, cure]) => `| ${status} | ${cure} |`);
  const codeTable = ['| code | cause | retry can help | cure |', '| --- | --- | --- | --- |', ...ofCodes];
  const statusTable = ['| status | cure |', '| --- | --- |', ...ofStatuses];
  return between(between(document, 'codes', codeTable), 'statuses', statusTable);
}

function between(document: string, name: string, lines: readonly string[]): string {
  const [first, last] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const begin = document.indexOf(first);
  const end = document.indexOf(last);
  if (begin < 0 || end < begin) throw new Error(`The document must contain ${first} and ${last}`);
  return `${document.slice(0, begin + first.length)}\n\n${lines.join('\n')}\n\n${document.slice(end)}`;
}
