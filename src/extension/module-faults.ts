import type { Type } from '@nestjs/common';
import {
  APP_FILTER,
  APP_GUARD,
  APP_INTERCEPTOR,
  APP_PIPE,
  ApplicationConfig,
  HttpAdapterHost,
  ModuleRef,
} from '@nestjs/core';
import { scopeNames } from '../auth/scopes.js';
import { ExtensionError } from '../config/extension-error.js';
import type { Extension, NestModule } from './define-extension.js';
import {
  declaredModules,
  type DeclaredModule,
  type DeclaredRoute,
  injectedBy,
  isParameter,
  overlap,
  routesOf,
  tokenOf,
} from './module-reading.js';

/** Global by their token, wherever a module provides them, each with what to use instead. */
const GLOBAL: ReadonlyMap<unknown, string> = new Map([
  [APP_FILTER, '@UseFilters()'],
  [APP_GUARD, '@UseGuards()'],
  [APP_INTERCEPTOR, '@UseInterceptors()'],
  [APP_PIPE, '@UsePipes()'],
]);
/** Ways to the HTTP adapter. */
const ADAPTER: readonly unknown[] = [HttpAdapterHost, ModuleRef];

/**
 * Extensions have modules that would act on routes which are not theirs.
 *
 * @param own the root module of the API; undefined in the worker, which serves no routes of extensions
 * @throws ExtensionError listing every fault
 */
export async function assertModules(
  extensions: readonly Extension[],
  own: NestModule | undefined,
): Promise<void> {
  const faults = await moduleFaults(extensions, own);
  if (faults.length > 0) throw new ExtensionError(faults);
}

/** The extensions whose modules can reach the HTTP adapter, for an error that one of them caused. */
export async function whoReachesFastify(extensions: readonly Extension[]): Promise<string> {
  const names: string[] = [];
  for (const { name, api = [], worker = [] } of extensions) {
    const modules = await declaredModules([...api, ...worker]);
    const parts = modules.flatMap(({ providers, controllers }) => [...providers, ...controllers]);
    if (parts.some((part) => injectedBy(part).some((token) => ADAPTER.includes(token)))) names.push(name);
  }
  return names.join(' or ') || 'an extension';
}

async function moduleFaults(
  extensions: readonly Extension[],
  own: NestModule | undefined,
): Promise<string[]> {
  const known: Array<{ route: DeclaredRoute; of: string }> = [];
  const roots = extensions.flatMap(({ api = [] }) => api);
  const core = own === undefined ? [] : await declaredModules([own], new Set<unknown>(roots));
  for (const route of routesIn(core)) known.push({ route, of: 'Reelport' });
  const faults: string[] = [];
  for (const { name, api = [], worker = [] } of extensions) {
    const apiModules = await declaredModules(api);
    const workerModules = await declaredModules(worker);
    const modules = [...apiModules, ...workerModules];
    const routes = own === undefined ? [] : routesIn(apiModules);
    const found = [
      ...modules.flatMap(globalFaults),
      ...workerModules
        .flatMap(({ controllers }) => controllers)
        .map((controller) => `${controller.name}: list the modules of controllers under api, not worker`),
      ...routes.flatMap((route) => routeFaults(route, known)),
    ];
    for (const fault of new Set(found)) faults.push(`${name}: ${fault}`);
    for (const route of routes.filter(beginsWithWord)) known.push({ route, of: name });
  }
  return faults;
}

function globalFaults({ name, hasMiddleware, providers, controllers }: DeclaredModule): string[] {
  const faults = hasMiddleware
    ? [`${name}.configure(): middleware is not for extensions; put @UseInterceptors() on its controllers`]
    : [];
  for (const [token, decorator] of GLOBAL)
    if (providers.some((provider) => tokenOf(provider) === token))
      faults.push(
        `${name}: ${String(token)} would act on every route; put ${decorator} on the controllers instead`,
      );
  if ([...providers, ...controllers].some((part) => injectedBy(part).includes(ApplicationConfig)))
    faults.push(`${name}: ApplicationConfig, which a provider injects, is not for extensions`);
  return faults;
}

function routeFaults(
  route: DeclaredRoute,
  known: ReadonlyArray<{ route: DeclaredRoute; of: string }>,
): string[] {
  const { label, scopes } = route;
  if (!beginsWithWord(route)) return [`${label}: the path must begin with a word`];
  const faults = known
    .filter((other) => overlap(route, other.route))
    .map((other) => `${label} takes requests of ${other.route.label} (${other.of})`);
  if (scopes === undefined)
    faults.push(`${label} declares no scopes; decorate it with Require() of the scopes, or @Public()`);
  for (const scope of scopes ?? [])
    if (!scopeNames().includes(scope))
      faults.push(`${label} requires the scope "${scope}", which no extension declares`);
  return faults;
}

/** Otherwise it would answer for paths that there are not. */
function beginsWithWord({ segments }: DeclaredRoute): boolean {
  return !isParameter(segments[0]);
}

function routesIn(modules: readonly DeclaredModule[]): DeclaredRoute[] {
  const controllers = new Set<Type>(modules.flatMap((module) => module.controllers));
  return [...controllers].flatMap((controller) => routesOf(controller));
}
