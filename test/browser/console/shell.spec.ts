import { beforeAll, describe, expect, inject, it } from 'vitest';
import { startPathProxy } from '../support/path-proxy.js';
import { useConsole } from './support/open-console.js';
import { newPartner, tokenOf, withDatabase, type Partner } from './support/partner.js';

let partner: Partner;

const open = useConsole();

beforeAll(async () => {
  partner = await newPartner();
});

/** Pixels that the select of the appearance lacks for its options. */
const LACKING = `(() => {
  const select = document.querySelectorAll('select')[1];
  const copy = select.cloneNode(true);
  copy.style.width = 'auto';
  document.body.append(copy);
  const needed = copy.offsetWidth;
  copy.remove();
  return Math.max(0, needed - select.offsetWidth);
})()`;

describe('the page', () => {
  it('has a policy without inline code and other origins, and is checked for news each time', async () => {
    const response = await fetch(`${inject('reelport').url}/console/imports/some/where`);
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("base-uri 'none'; frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https:/);
    expect(response.headers.get('cache-control')).toBe('no-cache');
  });

  it('has files that are cached for ever, and compressed', async () => {
    const { url } = inject('reelport');
    const html = await (await fetch(`${url}/console`)).text();
    const [, script] = /src="(\.\/console\/assets\/[^"]+)"/.exec(html) ?? [];
    const response = await fetch(`${url}/${script}`, { headers: { 'accept-encoding': 'gzip' } });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'gzip',
      'content-type': 'application/javascript; charset=utf-8',
    });
    expect((await fetch(`${url}/console/assets/none.js`)).status).toBe(404);
  });
});

describe('signing in', () => {
  it('takes a token, pasted with its scheme, and forgets it when the page is loaded again', async () => {
    const at = await open('/imports?state=failed');
    await at.heading('Sign in');
    expect(await at.violations()).toEqual([]);
    await at.page.getByLabel('Access token').fill(`Bearer ${partner.token}`);
    await at.page.keyboard.press('Enter');
    await at.heading('Imports');
    expect(at.path).toBe('/imports?state=failed');
    await at.page.getByText(partner.project.name).waitFor();
    await at.page.reload();
    await at.heading('Sign in');
    expect(at.errors).toEqual([]);
    expect(at.strangers).toEqual([]);
  });

  it('keeps the token for the tab if asked to, until its owner signs out', async () => {
    const at = await open();
    await at.page.getByLabel('Access token').fill(partner.token);
    await at.page.getByLabel('Keep for this tab').check();
    await at.page.getByRole('button', { name: 'Sign in' }).click();
    await at.heading('Imports');
    await at.page.reload();
    await at.heading('Imports');
    await at.page.getByRole('button', { name: 'Sign out' }).click();
    await at.heading('Sign in');
    await at.page.reload();
    await at.heading('Sign in');
    expect(at.errors).toEqual([]);
  });

  it('waits for a server that cannot be reached, and goes on with the token that the tab keeps', async () => {
    const at = await open('/imports', { token: partner.token });
    await at.heading('Imports');
    await at.page.route('**/api/**', (route) =>
      route.fulfill({ status: 503, contentType: 'application/json', body: '{}' }),
    );
    await at.page.reload();
    await at.heading('Server unreachable');
    expect(await at.page.getByLabel('Access token').count()).toBe(0);
    expect(await at.violations()).toEqual([]);
    await at.page.unroute('**/api/**');
    await at.heading('Imports');
  });

  it('takes the code of a link, which works when the server can be reached again', async () => {
    const at = await open();
    await at.heading('Sign in');
    const codes: unknown[] = [];
    await at.page.route('**/api/v1/auth/sign-in', (route) => {
      codes.push(route.request().postDataJSON());
      return codes.length === 1 ? route.abort() : route.fulfill({ json: { token: partner.token } });
    });
    await at.page.evaluate(`location.hash = 'sign-in=once'`);
    await at.page.reload();
    await at.heading('Server unreachable');
    expect(at.page.url()).not.toContain('once');
    await at.heading('Imports');
    expect(codes).toEqual([{ code: 'once' }, { code: 'once' }]);
  });

  it('takes another token while the server cannot be reached', async () => {
    const at = await open('/imports', { token: partner.token });
    await at.heading('Imports');
    await at.page.route('**/api/**', (route) => route.abort());
    await at.page.reload();
    await at.page.getByRole('button', { name: 'Use another token' }).press('Enter');
    await at.page.getByLabel('Access token').fill(partner.token);
    await at.page.unroute('**/api/**');
    await at.page.keyboard.press('Enter');
    await at.heading('Imports');
    expect(await at.page.title()).toBe('Imports – Reelport');
  });

  it('says that a token is not accepted', async () => {
    const at = await open();
    await at.page.getByLabel('Access token').fill('no token');
    await at.page.keyboard.press('Enter');
    await expect
      .poll(() => at.page.getByRole('alert').textContent())
      .toContain('The server does not accept this token.');
  });

  it('is asked for again when the token is revoked, without losing the page', async () => {
    const at = await open('/imports?system=archive', { token: partner.token });
    await at.heading('Imports');
    const other = await tokenOf(partner.project, ['public-api:write']);
    await withDatabase((database) =>
      database.query('UPDATE access_tokens SET revoked_at = now() WHERE project_id = $1 AND scopes = $2', [
        partner.project.id,
        ['public-api:read', 'public-api:write', 'public-api:admin'],
      ]),
    );
    const dialog = at.page.getByRole('dialog', { name: 'Your token is no longer accepted' });
    await dialog.waitFor();
    expect(await at.violations()).toEqual([]);
    await dialog.getByLabel('Access token').fill(other);
    await at.page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(at.path).toBe('/imports?system=archive');
    await at.page.getByText('No import matches these filters').waitFor();
    partner = await newPartner();
  });
});

describe('the shell', () => {
  it('speaks German to a German browser, and English if it is chosen, also after loading again', async () => {
    const at = await open('/imports', { token: partner.token, locale: 'de-DE' });
    await at.heading('Importe');
    expect(await at.page.evaluate<number>(LACKING)).toBe(0);
    expect(await at.page.locator('html').getAttribute('lang')).toBe('de');
    await at.page.getByLabel('Sprache').selectOption('English');
    await at.heading('Imports');
    await at.page.reload();
    await at.heading('Imports');
  });

  it('has an icon and files that are found wherever its reader goes', async () => {
    const at = await open('/no/such/page', { token: partner.token });
    const missing: string[] = [];
    at.page.on('response', (response) => {
      if (response.status() === 404) missing.push(response.url());
    });
    const icon = () => at.page.evaluate<string>(`document.querySelector('link[rel="icon"]').href`);
    await at.heading('There is no such page');
    const before = await icon();
    await at.page.getByRole('link', { name: 'Go to the imports' }).click();
    await at.heading('Imports');
    expect(await icon()).toBe(before);
    expect((await fetch(await icon())).headers.get('content-type')).toBe('image/svg+xml');
    await at.page.goBack();
    await at.heading('There is no such page');
    expect(await icon()).toBe(before);
    expect(missing).toEqual([]);
    expect(at.errors).toEqual([]);
  });

  it('is light or dark as the system prefers, or as chosen', async () => {
    const at = await open('/imports', { token: partner.token, colorScheme: 'dark' });
    await at.heading('Imports');
    const background = () => at.page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const dark = await background();
    await at.page.getByLabel('Appearance').selectOption('Light');
    expect(await background()).not.toBe(dark);
    await at.page.getByLabel('Appearance').selectOption('Dark');
    await at.page.emulateMedia({ colorScheme: 'light' });
    expect(await background()).toBe(dark);
  });

  it('has pages whose names say what they show', async () => {
    const at = await open('/imports', { token: partner.token });
    const links = at.page.getByRole('navigation').getByRole('link');
    await expect
      .poll(() => links.allInnerTexts())
      .toEqual(['Imports', 'New import', 'Library', 'Pending items', 'Webhooks', 'Access tokens']);
    await links.nth(3).click();
    await at.heading('Pending items');
  });

  it('names the scope that a token lacks, and shows no page of it in the navigation', async () => {
    const token = await tokenOf(partner.project, ['public-api:admin']);
    const at = await open('/imports', { token });
    await at.page.getByText('Your token lacks the scope public-api:write.').waitFor();
    expect(await at.page.getByRole('navigation').getByText('Imports').count()).toBe(0);
    expect(await at.violations()).toEqual([]);
  });

  it('fits windows of 360 to 2560 pixels', async () => {
    const at = await open('/imports', { token: partner.token });
    await at.page.getByText('No imports yet').waitFor();
    for (const width of [2_560, 1_440, 360]) {
      await at.page.setViewportSize({ width, height: 800 });
      expect(await at.overflow()).toBe(0);
    }
    await at.page.getByRole('button', { name: 'Menu' }).click();
    await at.page.getByRole('navigation').getByText('Imports').waitFor();
    expect(await at.violations()).toEqual([]);
  });

  it('says that the server cannot be reached, keeps what it has, and goes on by itself', async () => {
    const at = await open('/imports', { token: partner.token });
    await at.page.getByText('No imports yet').waitFor();
    await at.page.route('**/api/**', (route) => route.abort());
    await at.page.getByRole('alert').waitFor();
    expect(await at.page.getByRole('alert').textContent()).toContain('The server cannot be reached.');
    await at.page.getByRole('status').getByText('Server unreachable').waitFor();
    await at.page.getByText('No imports yet').waitFor();
    expect(await at.violations()).toEqual([]);
    await at.page.unroute('**/api/**');
    await at.page.getByRole('alert').waitFor({ state: 'detached' });
  });

  it('works behind the path of a proxy', async () => {
    const { port } = new URL(inject('reelport').url);
    const proxy = await startPathProxy('/reel/port', Number(port));
    try {
      const at = await open('', { token: partner.token, server: proxy.url });
      await at.heading('Imports');
      for (const path of ['/', '/no', '/no/such/page']) {
        await at.page.goto(`${proxy.url}/console${path}`);
        await at.heading(path === '/' ? 'Imports' : 'There is no such page');
      }
      expect(at.errors).toEqual([]);
      expect(proxy.misses).toEqual([]);
    } finally {
      await proxy.close();
    }
  });

  it('is live as soon as the stream of events is open, and while it is', async () => {
    const proxy = await startPathProxy('/live', Number(new URL(inject('reelport').url).port));
    try {
      const at = await open('/imports', { token: partner.token, server: proxy.url });
      const connection = at.page.getByRole('banner').getByRole('status');
      const events = '**/api/v1/events';
      const title = (): Promise<string | null> => connection.getAttribute('title');
      await expect.poll(title).toBe('Live');
      await at.page.route(events, (route) => route.abort());
      proxy.cut('/api/v1/events');
      await expect.poll(title).toBe('Updating every few seconds');
      await at.page.unroute(events);
      await expect.poll(title).toBe('Live');
    } finally {
      await proxy.close();
    }
  });

  it('can be used by the keyboard alone', async () => {
    const at = await open('/no/such/page', { token: partner.token });
    await at.heading('There is no such page');
    await at.page.keyboard.press('Tab');
    await at.page.keyboard.press('Enter');
    await at.page.keyboard.press('Tab');
    await at.page.keyboard.press('Enter');
    await at.heading('Imports');
    expect(await at.page.locator('h1:focus').textContent()).toBe('Imports');
    await at.page.goBack();
    await at.heading('There is no such page');
  });
});
