/** Permissions of a token, a closed list. No scope implies another. */
export const SCOPES = {
  'public-api:read': 'Read the video library',
  'public-api:write': 'Import, track imports, and read webhook deliveries',
  'public-api:admin': 'Issue and revoke access tokens',
} as const;

export type Scope = keyof typeof SCOPES;

export function isScope(text: string): text is Scope {
  return Object.hasOwn(SCOPES, text);
}

export const SCOPE_NAMES: readonly Scope[] = Object.keys(SCOPES).filter(isScope);
