import { createClient } from '@reelport/client';

/** Imports a batch. @returns why items failed, by their ids */
export async function importAll(url: string, token: string, videos: object[]): Promise<Map<string, string>> {
  const client = createClient({ url, token });
  const batch = { systemName: 'archive', videos };
  // With a key, a batch that was already accepted is not imported twice.
  const id = await client.imports.create('videos', batch, { idempotencyKey: 'batch-17' });
  await client.imports.wait(id);

  const failures = new Map<string, string>();
  for await (const { externalId, reason } of client.imports.items(id, { state: 'failed' }))
    failures.set(externalId, reason ?? '');
  return failures;
}
