import type { Code, Codes } from '../../extension/codes.js';

const ASK_FOR_ACCESS = "Ask the archive's owner for access, or for URLs that carry it, then retry";
const NOT_HERE = 'The file is not at this URL. Correct the URL, or remove the item from your list';
const TOO_OFTEN = 'The server asks for fewer requests. Retry later';

/** What to do about a response, by status. Others count as x00 of their class (RFC 9110, section 15). */
export const STATUS_CURES: Readonly<Record<number, string>> = {
  200: 'The server answers with something other than the file. Open the URL, and use that of the file itself',
  202: "The archive is still preparing the file. Retry later; if it lasts, tell the archive's owner",
  300: 'The server offers no single file. Use the URL of the file itself',
  400: "The server refuses the request. Open the URL yourself; if it works there, ask the archive's owner to admit Reelport",
  401: ASK_FOR_ACCESS,
  403: ASK_FOR_ACCESS,
  404: NOT_HERE,
  407: ASK_FOR_ACCESS,
  408: 'The server waited too long. Retry later',
  410: NOT_HERE,
  425: 'The server wants the request later. Retry later',
  429: TOO_OFTEN,
  451: 'The archive may not hand out this file for legal reasons. Remove the item from your list',
  500: "The server failed. Retry later; if it lasts, tell the archive's owner",
  503: "The server is overloaded or in maintenance. Retry later; if it lasts, tell the archive's owner",
};

/** For codes of extensions that do not say what to do. */
const RETRY = 'Retry; if it fails again, tell the operator of Reelport';
const CORRECT = 'Correct the item as the reason says, then import it again';

export interface CuredFailure {
  code: string;
  httpStatus: number | null;
  /** Whether a retry can help. */
  retryable: boolean;
}

/** The sentence of a code with the noun of its kind; null for a code that is no longer known. */
export function causeOf(codes: Codes, code: string, noun: string): string | null {
  return known(codes, code)?.sentence.replaceAll('{noun}', () => noun) ?? null;
}

/** What to do about a failure: by the status of the response, else by its code. */
export function cureOf(codes: Codes, { code, httpStatus, retryable }: CuredFailure, noun: string): string {
  const ofStatus = code === 'HTTP_STATUS' && httpStatus !== null ? cureOfStatus(httpStatus) : undefined;
  const cure = ofStatus ?? known(codes, code)?.cure ?? (retryable ? RETRY : CORRECT);
  return cure.replaceAll('{noun}', () => noun);
}

function cureOfStatus(status: number): string | undefined {
  return STATUS_CURES[status] ?? STATUS_CURES[Math.floor(status / 100) * 100];
}

function known(codes: Codes, code: string): Code | undefined {
  return Object.hasOwn(codes, code) ? codes[code] : undefined;
}
