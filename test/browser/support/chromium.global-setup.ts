import { chromiumPath } from './chromium.js';

/** Installs the browser once, so that parallel spec files do not. */
export default async function setup(): Promise<void> {
  await chromiumPath();
}
