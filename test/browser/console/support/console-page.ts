import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { inject } from 'vitest';

/** Long enough for a busy machine. */
const TIMEOUT_MS = 60_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE_OPTIONS = {
  runOnly: {
    type: 'tag',
    values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  },
};

export interface OpenOptions extends BrowserContextOptions {
  /** Signed in with it, as with "Keep for this tab". */
  token?: string;
  /** URL of the server; the shared one by default. */
  server?: string;
  /** Runs before the scripts of the page. */
  script?: string;
}

interface AxeResults {
  violations: Array<{ id: string; impact: string; nodes: Array<{ html: string }> }>;
}

/** The console in a new browser context, without cookies, storage or history of others. */
export class ConsolePage {
  /** Errors of the console, exceptions of scripts and violations of the content security policy. */
  readonly errors: string[] = [];
  /** URLs of requests to other origins than the server. */
  readonly strangers: string[] = [];

  private constructor(
    readonly page: Page,
    readonly server: string,
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== new URL(server).origin)
        this.strangers.push(request.url());
    });
  }

  /** @param path below `/console`, with its query */
  static async open(
    browser: Browser,
    path = '/',
    { token, server = inject('reelport').url, script, ...options }: OpenOptions = {},
  ): Promise<ConsolePage> {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    context.setDefaultTimeout(TIMEOUT_MS);
    if (token !== undefined) {
      await context.addInitScript({ content: `sessionStorage.setItem('reelport.token', '${token}')` });
    }
    if (script !== undefined) await context.addInitScript({ content: script });
    const opened = new ConsolePage(await context.newPage(), server);
    await opened.page.goto(`${server}/console${path}`);
    return opened;
  }

  /** Path and query below `/console`. */
  get path(): string {
    return this.page.url().slice(`${this.server}/console`.length);
  }

  /** Waits for the title of a page. */
  heading(name: string | RegExp): Promise<void> {
    return this.page.getByRole('heading', { level: 1, name }).waitFor();
  }

  /** What axe-core finds on the page as it is, in both appearances. */
  async violations(): Promise<string[]> {
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await this.page.evaluate(AXE);
      const { violations } = await this.page.evaluate<AxeResults>(`axe.run(${JSON.stringify(AXE_OPTIONS)})`);
      found.push(
        ...violations.map(
          ({ id, impact, nodes }) =>
            `${colorScheme} ${impact} ${id}: ${nodes.map(({ html }) => html).join(' | ')}`,
        ),
      );
    }
    return found;
  }

  /** The width that the page needs beyond that of the window, in pixels. */
  overflow(): Promise<number> {
    return this.page.evaluate<number>(
      `Math.max(...[document.documentElement, ...document.querySelectorAll('.panel')]
        .map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))`,
    );
  }

  /**
   * Pictures of the page, light and dark, wide and narrow, in the folder CONSOLE_SHOTS; without it nothing happens.
   *
   * @param name of the files, without the extension
   */
  async shot(name: string): Promise<void> {
    const folder = process.env['CONSOLE_SHOTS'];
    if (folder === undefined) return;
    const before = this.page.viewportSize();
    for (const colorScheme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme });
      for (const width of [1_440, 360]) {
        await this.page.setViewportSize({ width, height: 900 });
        await this.page.screenshot({ path: `${folder}/${name}-${colorScheme}-${width}.png` });
      }
    }
    if (before !== null) await this.page.setViewportSize(before);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
