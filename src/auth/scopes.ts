/** Permissions of Reelport itself. No scope implies another. */
export const SCOPES = {
  'public-api:read': 'Read the media library and watch imports',
  'public-api:write': 'Import, track imports, and read webhook deliveries',
  'public-api:admin': 'Issue and revoke access tokens',
} as const;

/** A permission of a token: one of `SCOPES`, or of an extension. */
export type Scope = keyof typeof SCOPES | (string & {});

/** Declared by routes that every valid token may call. No token has it, and no extension can declare it. */
export const ANY_SCOPE = '*';

/** Every scope of this process. Extensions are declared before the modules load that list scopes. */
const declared = new Map<string, string>(Object.entries(SCOPES));

/** Adds the scopes of an extension, each with what it allows. */
export function declareScopes(purposes: Readonly<Record<string, string>>): void {
  for (const [scope, purpose] of Object.entries(purposes)) declared.set(scope, purpose);
}

export function isScope(text: string): text is Scope {
  return declared.has(text);
}

export function scopeNames(): Scope[] {
  return [...declared.keys()];
}

/** What each scope allows. */
export function scopePurposes(): ReadonlyMap<string, string> {
  return declared;
}
