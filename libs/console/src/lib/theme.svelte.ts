import { store, stored } from './stored.js';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

function initial(): Theme {
  return THEMES.find((theme) => theme === stored('theme')) ?? 'auto';
}

/** For the style sheet. */
function mark(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
}

let current = $state<Theme>(initial());
mark(initial());

/** Light, dark, or as the system prefers. */
export const theme = {
  get current(): Theme {
    return current;
  },
  set current(chosen: Theme) {
    current = chosen;
    mark(chosen);
    store('theme', chosen === 'auto' ? undefined : chosen);
  },
};
