import { STATUS_CODES } from 'node:http';

/** Names that differ from Node's tables, or that Node versions spell differently. */
const OWN_NAMES: Readonly<Record<number, string>> = {
  413: 'Payload Too Large',
  422: 'Unprocessable Content',
  429: 'Usage Limit Exceeded',
};

/**
 * Returns the `error` of the envelope.
 *
 * @param status HTTP status code, such as 404
 * @returns its name, such as "Not Found"; "Error" for an unregistered code
 */
export function errorName(status: number): string {
  return OWN_NAMES[status] ?? STATUS_CODES[status] ?? 'Error';
}
