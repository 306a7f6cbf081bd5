import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * Says why something cannot be the metadata schema of a project.
 *
 * @param schema what was parsed
 * @returns undefined for a JSON Schema 2020-12 (https://json-schema.org/draft/2020-12) whose references all lead
 * inside itself
 */
export function schemaFault(schema: object): string | undefined {
  const { $schema } = schema as { $schema?: unknown };
  if ($schema !== undefined && $schema !== DIALECT && $schema !== `${DIALECT}#`) {
    return `its $schema must be ${DIALECT}`;
  }
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  formats.default(ajv);
  try {
    // Ajv's own extension: such a validator answers with a promise, which counts as "valid" to whoever asks for yes or no.
    if ('$async' in ajv.compile(schema)) return 'it must not have $async';
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
