import { CONTAINERS } from '#libs/media-probe';

const BEGIN = '<!-- containers:begin -->';
const END = '<!-- containers:end -->';

/** A README with the table of all containers and codecs between its marks. @throws Error where the marks are missing */
export function withContainerTable(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The README has no ${BEGIN} and ${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${table()}\n\n${readme.slice(end)}`;
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
