import type { components } from '#libs/client';
import { formatTime } from '../lib/format.js';
import { language } from '../lib/language.svelte.js';
import { texts } from '../texts.js';

type FailureGroup = components['schemas']['FailureGroupDto'];

const { causes, cures, cureOfStatus, waits, pauses } = texts.failures;

/** What a failure code means in German; undefined in English, which the server speaks, and for codes of extensions. */
export function germanCauseOf(code: string | null): string | undefined {
  return language.current === 'de' && code !== null ? causes[code] : undefined;
}

/** What to do about a group of failures, without a full stop: in English, and for codes of extensions, as the server says. */
export function cureOf(group: FailureGroup): string {
  const cure = language.current === 'de' ? germanCureOf(group) : undefined;
  if (cure === undefined) return group.cure;
  if (group.waiting) return waits(cure);
  if (!group.retry || group.retryAfter === null) return cure;
  return pauses(formatTime(group.retryAfter, language.current));
}

/** Why an attempt at a delivery failed in German, as far as its status tells; undefined in English. */
export function germanRefusalOf(status: number | null): string | undefined {
  if (language.current !== 'de') return undefined;
  const { redirect, gone, other, none } = texts.webhooks.refusals;
  if (status === null) return none;
  if (status >= 300 && status < 400) return redirect(status);
  return status === 410 ? gone(status) : other(status);
}

function germanCureOf({ code, httpStatus }: FailureGroup): string | undefined {
  if (code !== 'HTTP_STATUS' || httpStatus === null) return cures[code];
  return cureOfStatus[httpStatus] ?? cureOfStatus[Math.floor(httpStatus / 100) * 100] ?? cures[code];
}
