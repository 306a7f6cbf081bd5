// Reading this class is what declares the variables.
import '../../src/config/environment.js';
import { describeVariables, type Variable } from '../../src/config/variable.decorator.js';

const BEGIN = '<!-- environment:begin -->';
const END = '<!-- environment:end -->';
const WIDTH = 110;

/** A README with the table of all environment variables between its marks. @throws Error where the marks are missing */
export function withEnvironmentTable(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md has no ${BEGIN} and ${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${table()}\n\n${readme.slice(end)}`;
}

/** The file .env.example: every variable with its description and default, commented out. */
export function environmentExample(): string {
  const head = 'Everything that can be configured. A line counts once its # is removed.';
  const variables = describeVariables().map(
    ({ name, description, default: value = '' }) => `${comment(description)}\n# ${name}=${quoted(value)}`,
  );
  return `${[comment(head), ...variables].join('\n\n')}\n`;
}

function table(): string {
  const rows = describeVariables().map(
    (variable) => `| \`${variable.name}\` | ${defaultOf(variable)} | ${cell(variable.description)} |`,
  );
  return ['| Variable | Default | Description |', '| --- | --- | --- |', ...rows].join('\n');
}

function defaultOf({ default: value }: Variable): string {
  return value === undefined || value === '' ? '' : `\`${cell(value)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}

function quoted(value: string): string {
  return value.includes(' ') ? `"${value}"` : value;
}

/** Broken between words, as lines of a comment. */
function comment(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1) ?? ''} ${word}`;
    if (line.length < WIDTH) lines[lines.length - 1] = line;
    else lines.push(` ${word}`);
  }
  return lines.map((line) => `#${line}`).join('\n');
}
