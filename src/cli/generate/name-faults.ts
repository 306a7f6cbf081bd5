import { defineExtension } from '../../extension/define-extension.js';
import { defineKind } from '../../extension/define-kind.js';
import { defineMediaKind } from '../../extension/define-media-kind.js';
import { defineListener } from '../../extension/define-listener.js';
import { defineSettings } from '../../extension/define-settings.js';
import { defineStep } from '../../extension/define-step.js';
import { extensionFaults, type Own } from '../../extension/faults.js';
import { text } from '../../extension/shape.js';
import { namesOf } from './names.js';
import { kindFormOf, type Wanted } from './parts.js';

/** What the start would say about the names in a package, in its own words; nothing if it would start. */
export function nameFaults(name: string, wanted: Wanted, own: Own): string[] {
  const { kind, noun, prefix } = namesOf(name);
  const form = kindFormOf(wanted);
  const extension = defineExtension({
    name,
    ...(form === 'media' && { kinds: [mediaKind(kind, noun)] }),
    ...(form === 'plain' && { kinds: [plainKind(kind, noun)] }),
    ...(wanted.step === true && { steps: [step(name)] }),
    ...(wanted.listener === true && {
      listeners: [listener(name)],
      settings: defineSettings({ [`${prefix}_LOG`]: text({ description: 'File', example: '/var/log/x' }) }),
    }),
  });
  return extensionFaults([extension], own);
}

const mediaKind = (name: string, noun: string) =>
  defineMediaKind({
    name,
    noun,
    maxBytes: 1,
    types: { 'image/png': 'png' },
    facts: {},
    codes: {},
    identify: () => Promise.resolve({ mimeType: 'image/png' as const, facts: {} }),
  });

const plainKind = (name: string, noun: string) =>
  defineKind({
    name,
    noun,
    item: {},
    result: {},
    report: [],
    codes: {},
    processMs: 1,
    host: () => null,
    process: () => Promise.resolve({}),
    record: () => Promise.resolve([]),
  });

const step = (name: string) =>
  defineStep({ name, kinds: 'all', before: 'store', timeoutMs: 1, codes: {}, run: () => Promise.resolve() });

const listener = (name: string) =>
  defineListener({ name, on: ['import.finished'], timeoutMs: 1, handle: () => Promise.resolve() });
