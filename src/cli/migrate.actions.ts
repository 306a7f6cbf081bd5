import { didYouMean } from '../config/did-you-mean.js';
import { driftOf } from '../database/schema/drift.js';
import { migrate, pendingMigrations, revertMigrations } from '../database/schema/run-migrations.js';
import type { Extension } from '../extension/define-extension.js';
import { Extensions } from '../extension/extensions.js';
import { print } from './output.js';
import { withDatabase } from './with-application.js';

interface Options {
  check?: boolean;
  revert?: string;
}

/** Applies, checks or reverts migrations. @throws Error if a check finds something, or no extension has the name */
export function migrations(extensions: readonly Extension[], { check, revert }: Options): Promise<void> {
  const reverted = revert === undefined ? undefined : extensionNamed(revert, extensions);
  return withDatabase(new Extensions(extensions).additions, async (url) => {
    if (reverted !== undefined) {
      print(`${reverted.name}: ${await revertMigrations(url, reverted)} migrations reverted`);
    } else if (check === true) {
      await assertUpToDate(url, extensions);
    } else {
      const pending = await pendingMigrations(url, extensions);
      await migrate(url, extensions);
      for (const line of pending) print(line);
    }
  });
}

async function assertUpToDate(url: string, extensions: readonly Extension[]): Promise<void> {
  const pending = await pendingMigrations(url, extensions);
  for (const line of pending) print(`pending  ${line}`);
  const waiting = new Set(pending.map((line) => line.split(':', 1).join('')));
  let drifted = 0;
  // Tables of pending migrations differ as a matter of course.
  for (const extension of extensions.filter(({ name }) => !waiting.has(name))) {
    for (const statement of await driftOf(url, extension)) {
      print(`drift    ${extension.name}: ${statement}`);
      drifted += 1;
    }
  }
  if (pending.length + drifted > 0) throw new Error('The schema of the database is not up to date');
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
