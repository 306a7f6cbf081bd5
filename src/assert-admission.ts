import type { Environment } from './config/environment.js';
import { assertSchemaIsKnown } from './database/newer-schema.js';
import { assertDatabaseAdmits } from './database/refused-credentials.js';
import { assertRedisAdmits } from './queue/refused-credentials.js';

/**
 * Refuses to start on services that do not let us in: that does not pass by waiting, and whoever waits says so again
 * and again, with a stack each time.
 *
 * @throws EnvironmentError one line that names the variable and says what to change
 */
export async function assertAdmission({ DATABASE_URL, REDIS_URL }: Environment): Promise<void> {
  if (DATABASE_URL !== undefined) {
    await assertDatabaseAdmits(DATABASE_URL);
    await assertSchemaIsKnown(DATABASE_URL);
  }
  if (REDIS_URL !== undefined) await assertRedisAdmits(REDIS_URL);
}
