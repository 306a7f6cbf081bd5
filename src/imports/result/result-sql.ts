import { isComputed, type ResultField, type ResultSource } from './result-field.js';

/** Compiles result fields to SQL over `item.result`. All names and texts are quoted or parameters. */
export class ResultSql {
  /** Values of `$1`, `$2` and so on; the statement adds its own after them. */
  readonly parameters: unknown[] = [];

  /** Adds a parameter. @returns its place, such as `$4` */
  place(value: unknown): string {
    const known = typeof value === 'string' ? this.parameters.indexOf(value) : -1;
    return `$${known === -1 ? this.parameters.push(value) : known + 1}`;
  }

  /** The result as JSON; the stored one if the result is computed outside the database. */
  result(fields: readonly ResultField[]): string {
    if (isComputed(fields)) return 'item.result';
    const pairs = fields.map(({ name, source }) => `${literal(name)}, ${this.value(source)}`);
    return `json_build_object(${pairs.join(', ')})`;
  }

  /** Columns with the names of the fields; null for those that are computed outside the database. */
  columns(fields: readonly ResultField[]): string[] {
    return fields.map(({ name, source }) => `${this.value(source)} AS ${identifier(name)}`);
  }

  private value(source: ResultSource): string {
    if ('compute' in source) return 'NULL';
    if ('text' in source) return `${this.place(source.text)}::text`;
    const member = literal(source.member);
    if (!('before' in source)) return `item.result->${member}`;
    const after = source.after === '' ? '' : ` || ${this.place(source.after)}::text`;
    return `${this.place(source.before)}::text || (item.result->>${member})${after}`;
  }
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
