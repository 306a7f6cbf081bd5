import { defineExtension, defineListener, defineSettings, secret } from 'reelport';

/** The URL contains the key of the channel, so it is a secret. */
const settings = defineSettings({
  NOTIFY_URL: secret({ description: 'Incoming webhook of the chat channel' }),
});

const post = defineListener({
  name: 'notify',
  on: ['import.finished'],
  timeoutMs: 10_000,
  async handle({ importId, kind, systemName, state, overview }, { signal, delivery }) {
    const { total, failed } = overview;
    const text =
      failed === 0
        ? `${systemName}: ${total} ${kind} imported (${importId})`
        : `${systemName}: ${failed} of ${total} ${kind} failed (${importId}, ${state})`;
    const response = await fetch(settings.values.NOTIFY_URL, {
      method: 'POST',
      // Deliveries are at least once: the channel can drop a repetition by this key.
      headers: { 'content-type': 'application/json', 'idempotency-key': delivery.id },
      body: JSON.stringify({ text }),
      signal,
    });
    // An error is retried after 1 s to 1 h. The message must not contain the URL.
    if (!response.ok) throw new Error(`The chat answered ${response.status}`);
  },
});

export const notify = defineExtension({ name: 'notify', reelport: '^0.1.0', listeners: [post], settings });
