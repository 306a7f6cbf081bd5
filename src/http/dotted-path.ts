/** Keys come from the client, and a response must not grow with them. */
const MAX_KEY_LENGTH = 100;

/**
 * @param parent path of the enclosing value; '' for the whole body
 * @param key field name or array index
 * @returns a path such as "videos.3.url"
 */
export function dottedPath(parent: string, key: string | number): string {
  const name =
    typeof key === 'string' && key.length > MAX_KEY_LENGTH ? `${key.slice(0, MAX_KEY_LENGTH)}…` : key;
  return parent === '' ? String(name) : `${parent}.${name}`;
}
