/** Keys come from the client, and an answer must not grow with them. */
const MAX_KEY_LENGTH = 100;

/**
 * @param parent path of what holds the field; '' for the whole body
 * @param key name of the field, or position in an array
 * @returns "videos.3.url"
 */
export function dottedPath(parent: string, key: string | number): string {
  const name =
    typeof key === 'string' && key.length > MAX_KEY_LENGTH ? `${key.slice(0, MAX_KEY_LENGTH)}…` : key;
  return parent === '' ? String(name) : `${parent}.${name}`;
}
