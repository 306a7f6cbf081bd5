import { createClient } from '@reelport/client';

/** Imports only if nothing would fail. @returns the failures that are predicted */
export async function importIfClean(url: string, token: string, videos: object[]): Promise<string[]> {
  const client = createClient({ url, token });
  const batch = { systemName: 'newsroom', videos };
  const id = await client.imports.create('videos', batch, { mode: 'plan' });
  await client.imports.wait(id);

  const failures: string[] = [];
  for await (const { externalId, prediction } of client.imports.items(id)) {
    if (prediction?.action === 'fail')
      failures.push(`${externalId}: ${prediction.reason ?? prediction.code}`);
  }
  if (failures.length === 0) {
    await client.imports.apply(id);
    await client.imports.wait(id);
  }
  return failures;
}
