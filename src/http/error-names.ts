import { STATUS_CODES } from 'node:http';

/** Names that this API words differently from, or more steadily than, the tables of the Node version it runs on. */
const OWN_NAMES: Readonly<Record<number, string>> = {
  413: 'Payload Too Large',
  422: 'Unprocessable Content',
  429: 'Usage Limit Exceeded',
};

/**
 * The name that stands under `error` in an error answer.
 *
 * @param status an HTTP status code, such as 404
 * @returns its name, such as "Not Found"; "Error" for a code without a registered name
 */
export function errorName(status: number): string {
  return OWN_NAMES[status] ?? STATUS_CODES[status] ?? 'Error';
}
