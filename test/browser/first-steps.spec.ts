import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { startChromium } from './support/chromium.js';
import { npmStart, type Started } from './support/npm-start.js';
import { startPathProxy, type PathProxy } from './support/path-proxy.js';
import { SwaggerPage } from './support/swagger-page.js';

let browser: Browser;

beforeAll(async () => {
  browser = await startChromium();
});

afterAll(() => browser?.close());

interface Place {
  reelport: Started;
  /** Base URL for the browser. */
  url: string;
  proxy?: PathProxy;
}

async function startDirectly(): Promise<Place> {
  const port = await freePort();
  return { reelport: await npmStart({ PORT: String(port) }), url: `http://localhost:${port}` };
}

async function startBehindAPath(): Promise<Place> {
  const port = await freePort();
  const proxy = await startPathProxy('/reelport', port);
  return {
    reelport: await npmStart({ PORT: String(port), PUBLIC_URL: `${proxy.url}/` }),
    url: proxy.url,
    proxy,
  };
}

describe.each([
  ['on its own', startDirectly],
  ['behind the path of a proxy', startBehindAPath],
])('npm start, %s', (_, start) => {
  let place: Place;
  let open: SwaggerPage[] = [];

  beforeAll(async () => {
    place = await start();
  });

  afterAll(async () => {
    await place?.reelport.stop();
    await place?.proxy?.close();
  });

  afterEach(async () => {
    for (const swagger of open) await swagger.close();
    open = [];
  });

  async function visit(url: string): Promise<SwaggerPage> {
    const swagger = await SwaggerPage.open(browser, url);
    open.push(swagger);
    return swagger;
  }

  it('signs in with the printed link, and imports the prefilled example', async () => {
    const { reelport, url, proxy } = place;
    const swagger = await visit(reelport.link);
    await expect.poll(() => swagger.isSignedIn()).toBe(true);
    expect(swagger.page.url()).toBe(`${url}/docs`);

    // What one came for is at the top, and schemas do not fill the page.
    expect((await swagger.tags()).slice(0, 3)).toEqual(['Import', 'Media', 'Videos']);
    expect(await swagger.page.locator('.models .model-container:visible').count()).toBe(0);
    // Initially expanded, with the example of the document.
    await swagger.unfold('getImportVideosStatus');
    const accepted = await swagger.execute('importVideos');
    // Swagger UI fills in defaults.
    expect(accepted).toMatchObject({ url: `${url}/api/v1/import/videos?mode=run`, status: 200 });
    const id = String(accepted.body['id']);

    // The id is filled in for the next operations.
    for (const operation of ['getImportVideosStatus', 'listImportItems', 'getImportReport']) {
      expect(await swagger.filledIn(operation, 'id')).toBe(id);
    }
    await expect
      .poll(async () => (await swagger.execute('getImportVideosStatus')).body)
      .toMatchObject({ finished: true, id, state: 'success', overview: { total: 1, success: 1 } });
    expect(await swagger.execute('listImportItems')).toMatchObject({
      url: expect.stringContaining(`${url}/api/v1/imports/${id}/items`),
      status: 200,
      body: { results: [{ externalId: 'test-pattern', state: 'success' }] },
    });

    // The link from a browser history or a screenshot does not sign in again.
    const again = await visit(reelport.link);
    await again.page.getByRole('alert').waitFor();
    expect(await again.page.getByRole('alert').textContent()).toContain('paste the token');
    expect(await again.isSignedIn()).toBe(false);

    expect(swagger.errors).toEqual([]);
    expect(proxy?.misses ?? []).toEqual([]);
  });

  it('accepts the printed token, pasted with its scheme', async () => {
    const { reelport, url } = place;
    const swagger = await visit(`${url}/docs`);
    expect(await swagger.isSignedIn()).toBe(false);
    await swagger.authorize(`Bearer ${reelport.token}`);
    expect(await swagger.execute('listTokens')).toMatchObject({ status: 200 });
    expect(swagger.errors).toEqual([]);
  });
});
