import { store, stored } from './stored.js';

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

/** A text in every language: `[English, German]`. Texts with values are functions. */
export type Text<T = string> = readonly [en: T, de: T];

function initial(): Language {
  const kept = stored('language');
  if (kept === 'en' || kept === 'de') return kept;
  return navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en';
}

/** For screen readers and hyphenation. */
function mark(language: Language): void {
  document.documentElement.lang = language;
}

let current = $state<Language>(initial());
mark(initial());

export const language = {
  get current(): Language {
    return current;
  },
  set current(chosen: Language) {
    current = chosen;
    mark(chosen);
    store('language', chosen);
  },
};

/** The text in the chosen language. */
export function say<T>(text: Text<T>): T {
  return text[current === 'de' ? 1 : 0];
}
