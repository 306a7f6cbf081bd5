import type { Browser, Locator, Page } from 'playwright-core';

/** A busy machine is no reason to fail. */
const TIMEOUT_MS = 60_000;

export interface Answer {
  url: string;
  status: number;
  body: Record<string, unknown>;
}

/** Swagger UI in a window of its own, as a person uses it. */
export class SwaggerPage {
  /** Errors in the console, exceptions of scripts, and what the content security policy has refused. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  /** Nothing is remembered from another one: cookies, storage and history are new. */
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

  /** Whether the lock beside Authorize is closed. */
  async isSignedIn(): Promise<boolean> {
    return (await this.authorizeButton.getAttribute('class'))?.split(' ').includes('locked') ?? false;
  }

  /** Pastes into the form behind Authorize. */
  async authorize(text: string): Promise<void> {
    await this.authorizeButton.click();
    const form = this.page.locator('.auth-container');
    await form.locator('input').fill(text);
    await form.locator('button[type=submit]').click();
    await form.locator('.btn-done').click();
  }

  /** Unfolds an operation; what is filled in is there afterwards. */
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

  /** Presses Execute, with whatever is filled in. */
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
