import { Trouble } from './trouble.js';
import { texts } from '../texts.js';
import { say } from '../lib/language.svelte.js';

/** Trouble in one sentence, for places without room for more. */
export function sentenceOf({ kind, message, more }: Trouble): string {
  if (kind === 'forbidden') return say(texts.trouble.forbidden)(more.scope ?? '');
  if (kind === 'missing') return say(texts.trouble.missing);
  if (kind === 'signedOut') return say(texts.trouble.signedOut);
  if (kind === 'unreachable') return say(texts.trouble.unreachable);
  return `${refusalOf(more.status)} ${message}`;
}

/** What it means that the server refused a request, before the sentence of the server. */
function refusalOf(status: number | undefined): string {
  const known = Object.entries(texts.trouble.statuses).find(([name]) => name === String(status));
  return say(known?.[1] ?? texts.trouble.refused);
}

/** The same for what a call threw. */
export function sentenceOfError(error: unknown): string {
  return error instanceof Trouble ? sentenceOf(error) : String(error);
}
