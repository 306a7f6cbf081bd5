import { CONTAINERS } from '#libs/media-probe';

const BEGIN = '<!-- containers:begin -->';
const END = '<!-- containers:end -->';

/** Replaces the table of containers and codecs between the marks of a document. @throws Error if a mark is missing */
export function withContainerTable(document: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The document must contain ${BEGIN} and ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${table()}\n\n${document.slice(end)}`;
}

function table(): string {
  const rows = Object.values(CONTAINERS).map(
    ({ name, mimeType, videoCodecs, readBy }) =>
      `| ${name} | \`${mimeType}\` | ${videoCodecs.join(', ')} | ${readBy} |`,
  );
  return ['| container | MIME type | video codecs | read by |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}
