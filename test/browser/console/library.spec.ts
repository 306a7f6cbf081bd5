import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOrigin, type Origin } from '../../support/origin.js';
import { useConsole } from './support/open-console.js';
import { newPartner, tokenOf, type Partner } from './support/partner.js';
import { entry, newMp4 } from './support/scene.js';

interface MediaPage {
  results: Array<{ id: string; externalId: string }>;
}

const FILE = newMp4();
const HASH = createHash('sha256').update(FILE).digest('hex');

let origin: Origin;
let partner: Partner;
let imports: string[];

const open = useConsole(() => partner.token);

beforeAll(async () => {
  [origin, partner] = await Promise.all([startOrigin(), newPartner()]);
  origin.serve('/one.mp4', FILE);
  for (const name of ['old', 'new', 'three']) origin.serve(`/${name}.mp4`, newMp4());
  const first = await partner.api.importVideos('newsroom', [
    entry('one', origin.url('/one.mp4'), 'Interview_2019-11-21.mp4'),
    entry('two', `${origin.url('/old.mp4')}?signature=secret`, 'Über den Fluss'),
    entry('three', origin.url('/three.mp4'), 'Crossing the river'),
  ]);
  await partner.api.finished(first);
  const second = await partner.api.importVideos('newsroom', [
    entry('two', origin.url('/new.mp4'), 'Über den Fluss, neu'),
  ]);
  await partner.api.finished(second);
  imports = [first, second];
});
afterAll(async () => {
  await origin?.close();
});

async function mediaIdOf(externalId: string): Promise<string> {
  const { body } = await partner.api.call<MediaPage>('GET', `/api/v1/media?externalId=${externalId}`);
  const [medium] = body.results;
  if (medium === undefined) throw new Error(`${externalId} is not in the library`);
  return medium.id;
}

it('is searched by title, id and hash, with the search in the URL', async () => {
  const at = await open('/library');
  await at.heading('Library');
  const list = at.page.getByRole('list', { name: 'Library' });
  await expect.poll(() => list.getByRole('link').allInnerTexts()).toHaveLength(3);
  expect(await at.violations()).toEqual([]);
  await at.shot('library');

  const search = at.page.getByRole('searchbox', { name: 'Search' });
  for (const [text, title] of [
    ['2019 interv', 'Interview_2019-11-21.mp4'],
    ['ÜBER neu', 'Über den Fluss, neu'],
    ['river', 'Crossing the river'],
    [HASH.toUpperCase(), 'Interview_2019-11-21.mp4'],
  ] as const) {
    await search.fill(text);
    await expect.poll(() => list.getByRole('link').allInnerTexts()).toEqual([title]);
  }
  await at.page.getByLabel('Search in').selectOption('Your id');
  await search.fill('three');
  await expect.poll(() => list.getByRole('link').allInnerTexts()).toEqual(['Crossing the river']);
  await at.page.getByLabel('Kind').selectOption('videos');
  await expect.poll(() => at.path).toBe('/library?q=three&by=externalId&kind=videos');
  await at.page.reload();
  await expect.poll(() => list.getByRole('link').allInnerTexts()).toEqual(['Crossing the river']);
  await search.fill('thre');
  await at.page.getByText('Nothing in the library matches').waitFor();
  await at.page.getByRole('link', { name: 'Clear filters' }).click();
  await expect.poll(() => list.getByRole('link').count()).toBe(3);
  for (const width of [2_560, 1_440, 360]) {
    await at.page.setViewportSize({ width, height: 900 });
    expect(await at.overflow()).toBe(0);
  }
  expect(at.errors).toEqual([]);
});

it('shows a medium with its player, its facts and where each version came from', async () => {
  const at = await open('/library?q=neu');
  await at.page.getByRole('link', { name: 'Über den Fluss, neu' }).press('Enter');
  await at.heading('Über den Fluss, neu');
  const versions = at.page.getByRole('list', { name: 'Versions' }).getByRole('listitem');
  await expect
    .poll(() => versions.allInnerTexts())
    .toEqual([
      expect.stringMatching(new RegExp(`version 2.*Import ${imports[1]}.*neu.*/new\\.mp4`, 's')),
      expect.stringMatching(new RegExp(`version 1.*Import ${imports[0]}.*Fluss\n.*/old\\.mp4 ·`, 's')),
    ]);
  expect(await at.page.textContent('main')).not.toContain('secret');
  expect(await at.page.getByRole('definition').allInnerTexts()).toEqual(
    expect.arrayContaining(['newsroom', 'two', 'video/mp4', '320', '180']),
  );
  await at.page.locator('video').evaluate((video: { muted: boolean; play(): Promise<void> }) => {
    video.muted = true;
    return video.play();
  });
  await expect
    .poll(() => at.page.evaluate<number>(`document.querySelector('video').currentTime`))
    .toBeGreaterThan(0);
  expect(await at.violations()).toEqual([]);
  await at.shot('medium');
  await versions.last().getByRole('link').click();
  await at.heading('newsroom');
  expect(at.errors).toEqual([]);
});

it('removes a medium, and restores it', async () => {
  const id = await mediaIdOf('three');
  const at = await open(`/library/${id}`);
  await at.heading('Crossing the river');
  await at.page.getByRole('button', { name: 'Remove' }).press('Enter');
  const dialog = at.page.getByRole('dialog', { name: 'Remove “Crossing the river”?' });
  await dialog.waitFor();
  expect(await at.violations()).toEqual([]);
  await dialog.getByRole('button', { name: 'Remove' }).press('Enter');
  await at.page.getByRole('status').getByText('It was removed from the library.').waitFor();
  expect(await at.page.textContent('main')).not.toContain('does not exist');
  await expect.poll(() => at.page.locator('h1:focus').count()).toBe(1);
  expect(await at.page.locator('video').count()).toBe(0);
  expect(await at.violations()).toEqual([]);
  await at.page.goto(`${at.server}/console/library`);
  const list = at.page.getByRole('list', { name: 'Library' });
  await expect.poll(() => list.getByRole('link').count()).toBe(2);
  await at.page.goBack();
  await at.page.getByRole('button', { name: 'Restore' }).press('Enter');
  await at.heading('Crossing the river');
  await at.page.locator('video').waitFor();
});

it('offers nothing that a token may not do, and nothing of another project', async () => {
  const id = await mediaIdOf('one');
  const reader = await open(`/library/${id}`, {
    token: await tokenOf(partner.project, ['public-api:read']),
    locale: 'de-DE',
  });
  await reader.heading('Interview_2019-11-21.mp4');
  const versions = reader.page.getByRole('list', { name: 'Versionen' });
  await versions.waitFor();
  expect(await versions.getByRole('link').count()).toBe(0);
  expect(await reader.page.getByRole('main').getByRole('button').allInnerTexts()).toEqual(['Kopieren']);
  expect(await reader.page.getByRole('navigation').getByRole('link').allInnerTexts()).toEqual(['Bibliothek']);
  const { token } = await newPartner();
  const stranger = await open(`/library/${id}`, { token });
  await stranger.page.getByText('This does not exist, or belongs to another project.').waitFor();
  await stranger.page.getByRole('button', { name: 'Restore' }).click();
  await stranger.page.getByText('It cannot be restored').waitFor();
});
