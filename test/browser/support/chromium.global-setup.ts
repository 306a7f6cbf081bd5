import { chromiumPath } from './chromium.js';

/** Installs the browser once, before several files would do so at the same time. */
export default async function setup(): Promise<void> {
  await chromiumPath();
}
