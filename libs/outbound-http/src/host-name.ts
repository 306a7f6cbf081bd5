const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

// Private namespaces: RFC 6761, 6762 (with appendix G), 7686, 8375 and ICANN's reservation of .internal.
const LOCAL_SUFFIXES = [
  'localhost',
  'local',
  'internal',
  'localdomain',
  'home.arpa',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'onion',
];

/** Removes the trailing dot of a fully qualified name. */
export function withoutTrailingDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

/**
 * Whether a name can be resolved: labels of 1 to 63 letters, digits, hyphens and underscores, at most 253 characters in
 * total. Expects the form of WHATWG `URL`: lower case, punycode, no trailing dot.
 */
export function isHostName(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => LABEL.test(label));
}

/** Whether a host name has at least two labels and does not belong to a private namespace. */
export function isPublicHostName(name: string): boolean {
  return (
    isHostName(name) &&
    name.includes('.') &&
    !LOCAL_SUFFIXES.some((suffix) => name === suffix || name.endsWith(`.${suffix}`))
  );
}
