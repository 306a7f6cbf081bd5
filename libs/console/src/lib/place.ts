// All scripts are in `assets/` below the console.
const script = import.meta.url;

/** URL of the console with a trailing slash: `https://example.com/reelport/console/`. */
export const CONSOLE_URL = new URL('../', script);
/** URL of the server without a trailing slash. */
export const SERVER_URL = new URL('..', CONSOLE_URL).href.replace(/\/$/, '');
