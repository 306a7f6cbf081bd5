import { Ajv2020, type Options } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** A compiler of metadata schemas: JSON Schema 2020-12 with the formats of ajv-formats. */
export function schemaCompiler(options: Options = {}): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, logger: false, ...options });
  formats.default(ajv);
  return ajv;
}

/**
 * Explains why a value cannot be the metadata schema of a project.
 *
 * @param schema parsed JSON
 * @returns undefined for a valid JSON Schema 2020-12 (https://json-schema.org/draft/2020-12) without external
 *   references
 */
export function schemaFault(schema: object): string | undefined {
  const { $schema } = schema as { $schema?: unknown };
  if ($schema !== undefined && $schema !== DIALECT && $schema !== `${DIALECT}#`) {
    return `its $schema must be ${DIALECT}`;
  }
  const ajv = schemaCompiler({ allErrors: true });
  try {
    // Ajv's own extension: such a validator returns a promise, which callers would mistake for "valid".
    if ('$async' in ajv.compile(schema)) return 'it must not contain $async';
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
