import type { Component } from 'svelte';
import type { Text } from '../lib/language.svelte.js';
import { matchPath } from '../lib/route-pattern.js';
import { texts } from '../texts.js';

export interface Route {
  /** Below the console with `:name` for the properties of the page. */
  readonly pattern: string;
  /** Loaded when it is visited. */
  readonly page: () => Promise<{ default: Component<never> }>;
  /** Scope without which the page can show nothing. */
  readonly scope?: string;
  /** Title in the navigation; pages without one are reached from others. */
  readonly title?: Text;
}

/** Every page, in the order of the navigation. */
export const routes: readonly Route[] = [
  {
    pattern: '/imports',
    page: () => import('../pages/imports/ImportsPage.svelte'),
    scope: 'public-api:write',
    title: texts.imports.title,
  },
  {
    pattern: '/imports/:id',
    page: () => import('../pages/import/ImportPage.svelte'),
    scope: 'public-api:write',
  },
  {
    pattern: '/imports/:id/items/:position',
    page: () => import('../pages/item/ItemPage.svelte'),
    scope: 'public-api:write',
  },
  {
    pattern: '/new',
    page: () => import('../pages/new/NewImportPage.svelte'),
    scope: 'public-api:write',
    title: texts.newImport.title,
  },
  {
    pattern: '/library',
    page: () => import('../pages/library/LibraryPage.svelte'),
    scope: 'public-api:read',
    title: texts.library.title,
  },
  {
    pattern: '/library/:id',
    page: () => import('../pages/medium/MediumPage.svelte'),
    scope: 'public-api:read',
  },
  {
    pattern: '/waiting',
    page: () => import('../pages/waiting/WaitingPage.svelte'),
    scope: 'public-api:write',
    title: texts.waiting.title,
  },
  {
    pattern: '/webhooks',
    page: () => import('../pages/webhooks/WebhooksPage.svelte'),
    scope: 'public-api:write',
    title: texts.webhooks.title,
  },
  {
    pattern: '/webhooks/:id',
    page: () => import('../pages/delivery/DeliveryPage.svelte'),
    scope: 'public-api:write',
  },
  {
    pattern: '/tokens',
    page: () => import('../pages/tokens/TokensPage.svelte'),
    scope: 'public-api:admin',
    title: texts.tokens.title,
  },
];

export const HOME = '/imports';

/** The route of a path, with the values for its pattern; undefined if there is none. */
export function routeOf(path: string): { route: Route; parameters: Record<string, string> } | undefined {
  for (const route of routes) {
    const parameters = matchPath(route.pattern, path);
    if (parameters !== undefined) return { route, parameters };
  }
  return undefined;
}
