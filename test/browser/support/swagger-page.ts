import type { Browser, Locator, Page } from 'playwright-core';

/** Long enough for a busy machine. */
const TIMEOUT_MS = 60_000;

export interface Answer {
  url: string;
  status: number;
  body: Record<string, unknown>;
}

/** Swagger UI in a new browser context, operated like a user does. */
export class SwaggerPage {
  /** Console errors, script exceptions and violations of the content security policy. */
  readonly errors: string[] = [];

  private constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  /** Opens a page without cookies, storage or history of other pages. */
  static async open(browser: Browser, url: string): Promise<SwaggerPage> {
    const context = await browser.newContext();
    context.setDefaultTimeout(TIMEOUT_MS);
    const swagger = new SwaggerPage(await context.newPage());
    await swagger.page.goto(url);
    await swagger.authorizeButton.waitFor();
    return swagger;
  }

  get authorizeButton(): Locator {
    return this.page.locator('.auth-wrapper > .btn.authorize');
  }

  /** Names of the groups of operations, from the top of the page. */
  async tags(): Promise<string[]> {
    const headings = await this.page.locator('.opblock-tag').all();
    return Promise.all(headings.map(async (heading) => (await heading.getAttribute('data-tag')) ?? ''));
  }

  /** Whether the padlock of the Authorize button is closed. */
  async isSignedIn(): Promise<boolean> {
    return (await this.authorizeButton.getAttribute('class'))?.split(' ').includes('locked') ?? false;
  }

  /** Pastes a token into the Authorize form. */
  async authorize(text: string): Promise<void> {
    await this.authorizeButton.click();
    const form = this.page.locator('.auth-container');
    await form.locator('input').fill(text);
    await form.locator('button[type=submit]').click();
    await form.locator('.btn-done').click();
  }

  /** Expands an operation, including its prefilled fields. */
  async unfold(operationId: string): Promise<Locator> {
    const operation = this.page.locator(`[id$="-${operationId}"].opblock`);
    const isOpen = (await operation.getAttribute('class'))?.split(' ').includes('is-open') ?? false;
    if (!isOpen) await operation.locator('.opblock-summary-control').first().click();
    await operation.locator('.btn.execute').waitFor();
    return operation;
  }

  async filledIn(operationId: string, parameter: string): Promise<string> {
    const operation = await this.unfold(operationId);
    return operation.locator(`tr[data-param-name="${parameter}"] input`).inputValue();
  }

  /** Clicks Execute with the current field values. */
  async execute(operationId: string): Promise<Answer> {
    const operation = await this.unfold(operationId);
    const [response] = await Promise.all([
      this.page.waitForResponse((each) => each.url().includes('/api/v1/')),
      operation.locator('.btn.execute').click(),
    ]);
    return { url: response.url(), status: response.status(), body: await response.json() };
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
