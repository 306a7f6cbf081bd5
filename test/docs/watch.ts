import { createClient } from '@reelport/client';

/** Follows an import to its end. @returns the state of each item */
export async function watch(url: string, token: string, id: string): Promise<Map<string, string>> {
  const client = createClient({ url, token });
  const states = new Map<string, string>();
  for await (const { data } of client.imports.events(id)) {
    if (data.type !== 'items.finished') continue;
    for (const { externalId, state } of data.items) states.set(externalId, state);
  }
  return states;
}
