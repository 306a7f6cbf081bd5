import type { Client } from '../../client.js';
import type { Entry } from '../../table/entry.js';
import { message } from '../output.js';
import type { CheckedInput } from './checked-input.js';
import { statePath, type RunOptions } from './run-options.js';
import { StateFile } from './state-file.js';
import { counted } from './units.js';

const SAY_EVERY_MS = 10_000;

/**
 * Posts an input in batches, those that no earlier run has posted, and passes the state file on. Its lock is held until
 * `use` has ended.
 */
export async function postBatches(
  client: Client,
  input: CheckedInput,
  options: RunOptions & { readonly mode: 'run' | 'plan' },
  signal: AbortSignal,
  use: (state: StateFile) => Promise<number>,
): Promise<number> {
  const { source, mapping } = input;
  const { kind, system, batch, mode, again } = options;
  const state = await StateFile.open(
    statePath(source, options),
    {
      server: client.url,
      inputSha256: source.sha256,
      kind,
      systemName: system,
      batchSize: batch,
      mapping,
      mode,
    },
    { again },
  );
  try {
    if (state.resumed && state.batches.length > 0)
      message(`Continuing after ${state.batches.length} ${state.batches.length === 1 ? 'batch' : 'batches'}`);
    if (!state.isComplete) await post(client, state, input.batches(batch), options, signal);
    return await use(state);
  } finally {
    await state.close();
  }
}

async function post(
  client: Client,
  state: StateFile,
  batches: AsyncIterable<readonly Entry[]>,
  { kind, system, webhook, mode, quiet }: RunOptions & { readonly mode: 'run' | 'plan' },
  signal: AbortSignal,
): Promise<void> {
  let index = 0;
  let sent = 0;
  let saidAt = performance.now();
  for await (const entries of batches) {
    sent += entries.length;
    if (index >= state.batches.length) {
      const batch = { systemName: system, ...(webhook !== undefined && { webhook }), [kind]: entries };
      const importId = await client.imports.create(kind, batch, {
        idempotencyKey: state.idempotencyKey(index),
        mode,
        signal,
      });
      await state.add({ importId, entries: entries.length });
      if (!quiet && performance.now() - saidAt > SAY_EVERY_MS) {
        message(`${counted(sent, kind)} sent`);
        saidAt = performance.now();
      }
    }
    index += 1;
    signal.throwIfAborted();
  }
  await state.complete();
}
