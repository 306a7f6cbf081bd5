import { didYouMean } from '../config/did-you-mean.js';
import { coreDriftOf, driftOf } from '../database/schema/drift.js';
import { CORE, migrate, pendingMigrations, revertMigrations } from '../database/schema/run-migrations.js';
import type { Extension } from '../extension/define-extension.js';
import { Extensions } from '../extension/extensions.js';
import type { Installation } from './installation.js';
import { print } from './output.js';
import { withDatabase } from './with-application.js';

interface Options {
  check?: boolean;
  revert?: string;
}

/** Applies, checks or reverts migrations. @throws Error if a check finds something, or no extension has the name */
export function migrations(installation: Installation, { check, revert }: Options): Promise<void> {
  const { extensions } = installation;
  const reverted = revert === undefined ? undefined : extensionNamed(revert, extensions);
  return withDatabase(new Extensions(extensions).additions, async (url) => {
    if (reverted !== undefined) {
      print(`${reverted.name}: ${await revertMigrations(url, reverted)} migrations reverted`);
    } else if (check === true) {
      await assertUpToDate(url, installation);
    } else {
      const pending = await pendingMigrations(url, extensions);
      await migrate(url, extensions);
      for (const line of pending) print(line);
    }
  });
}

async function assertUpToDate(url: string, { extensions, coreEntities }: Installation): Promise<void> {
  const pending = await pendingMigrations(url, extensions);
  for (const line of pending) print(`pending  ${line}`);
  const waiting = new Set(pending.map((line) => line.split(':', 1).join('')));
  const drift: string[] = [];
  // Tables of pending migrations differ as a matter of course.
  if (!waiting.has(CORE))
    for (const statement of await coreDriftOf(url, await coreEntities())) drift.push(`${CORE}: ${statement}`);
  for (const extension of extensions.filter(({ name }) => !waiting.has(name)))
    for (const statement of await driftOf(url, extension)) drift.push(`${extension.name}: ${statement}`);
  for (const line of drift) print(`drift    ${line}`);
  if (pending.length + drift.length > 0) throw new Error('The schema of the database is not up to date');
}

function extensionNamed(name: string, extensions: readonly Extension[]): Extension {
  const extension = extensions.find((each) => each.name === name);
  if (extension !== undefined) return extension;
  const meant = didYouMean(
    name,
    extensions.map((each) => each.name),
  );
  throw new Error(`There is no extension "${name}"${meant === undefined ? '' : `; did you mean ${meant}?`}`);
}
