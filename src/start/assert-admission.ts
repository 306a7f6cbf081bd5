import type { Environment } from '../config/environment.js';
import type { ExtensionSchema } from '../database/schema/extension-schemas.js';
import { assertSchemaIsKnown } from '../database/schema/newer-schema.js';
import { assertDatabaseAdmits } from '../database/refused-credentials.js';
import { assertRedisAdmits } from '../queue/refused-credentials.js';

/**
 * Refuses to start if PostgreSQL or Redis rejects the credentials: waiting does not help, and would log the same
 * failure again and again with a stack.
 *
 * @throws EnvironmentError one line that names the variable and the required change
 */
export async function assertAdmission(
  { DATABASE_URL, REDIS_URL }: Environment,
  schemas: readonly ExtensionSchema[] = [],
): Promise<void> {
  if (DATABASE_URL !== undefined) {
    await assertDatabaseAdmits(DATABASE_URL);
    await assertSchemaIsKnown(DATABASE_URL, schemas);
  }
  if (REDIS_URL !== undefined) await assertRedisAdmits(REDIS_URL);
}
