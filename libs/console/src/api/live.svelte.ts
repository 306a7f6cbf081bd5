import type { ImportEvent } from '#libs/client';
import { currentClient } from './ask.js';
import { connection } from './connection.svelte.js';
import { session } from './session.svelte.js';

/** Before a refused or lost stream is opened again: pages ask from time to time meanwhile. */
const AGAIN_MS = 15_000;

/** For a component: calls `hear` for every event of the project from now on, as long as the component is there. */
export function live(hear: (event: ImportEvent) => void): void {
  $effect(() => {
    void session.count;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const open = async (): Promise<void> => {
      await listen(hear, controller.signal);
      if (!controller.signal.aborted) timer = setTimeout(() => void open(), AGAIN_MS);
    };
    void open();
    return () => {
      controller.abort();
      connection.live = false;
      clearTimeout(timer);
    };
  });
}

/** Ends with the stream, whatever ends it: without one, pages are up to date a little later. */
async function listen(hear: (event: ImportEvent) => void, signal: AbortSignal): Promise<void> {
  // The next page may have a stream already.
  const is = (live: boolean) => (): void => {
    if (!signal.aborted) connection.live = live;
  };
  const options = { signal, onOpen: is(true), onLost: is(false) };
  try {
    for await (const { data } of currentClient()?.imports.allEvents(options) ?? []) hear(data);
  } catch {
    // Refused, such as beyond the limit of streams of a token; calls of the pages say what is wrong with the server.
  }
}
