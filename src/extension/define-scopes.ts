import { requireScopes } from '../auth/require-scopes.decorator.js';

/** Scopes by name, such as `reports:read`, each with what it allows. */
export interface ExtensionScopes<S extends string = string> {
  readonly purposes: Readonly<Record<S, string>>;
  /** Decorates a controller or a route that needs all of these scopes, and documents them. */
  Require(...scopes: readonly [S, ...S[]]): MethodDecorator & ClassDecorator;
}

/**
 * Defines scopes that tokens can have, once their extension is listed.
 *
 * @param purposes what each scope allows, such as `Read the reports`
 */
export function defineScopes<const S extends string>(
  purposes: Readonly<Record<S, string>>,
): ExtensionScopes<S> {
  return { purposes, Require: (...scopes) => requireScopes(purposes, scopes) };
}
