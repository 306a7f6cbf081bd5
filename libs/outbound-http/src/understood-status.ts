/** https://www.iana.org/assignments/http-status-codes, without interim responses (1xx). */
const REGISTERED: ReadonlySet<number> = new Set([
  200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 402,
  403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 423, 424, 425, 426,
  428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511,
]);

/**
 * Maps a status to the one that a client acts on (RFC 9110, section 15).
 *
 * @returns a registered status unchanged; the x00 of the class for an unregistered one; 500 for a code above 599
 */
export function understoodStatus(status: number): number {
  if (REGISTERED.has(status)) return status;
  return status >= 600 ? 500 : status - (status % 100);
}
