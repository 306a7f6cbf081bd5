// Declares the variables as a side effect.
import '../../src/config/environment.js';
import { describeVariables, type Variable } from '../../src/config/variable.decorator.js';

const BEGIN = '<!-- environment:begin -->';
const END = '<!-- environment:end -->';
const WIDTH = 110;

/** Replaces the table of environment variables between the marks of a document. @throws Error if a mark is missing */
export function withEnvironmentTable(document: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The document must contain ${BEGIN} and ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${table()}\n\n${document.slice(end)}`;
}

/** The content of .env.example: every variable with its description and default, commented out. */
export function environmentExample(): string {
  const head = 'All environment variables with their defaults. Remove the # of a line to set its variable.';
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

/** Wraps a text into comment lines. */
function comment(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1) ?? ''} ${word}`;
    if (line.length < WIDTH) lines[lines.length - 1] = line;
    else lines.push(` ${word}`);
  }
  return lines.map((line) => `#${line}`).join('\n');
}
