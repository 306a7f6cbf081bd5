import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineExtension, defineMediaKind, defineScopes, integer } from '../extension/index.js';
import { kindContract, newPartner, openScene, startReelport, type Scene } from './index.js';

const MP4 = readFileSync('test/fixtures/h264-faststart.mp4');

const notes = defineMediaKind({
  name: 'notes',
  noun: 'note',
  maxBytes: 1_000,
  types: { 'text/plain': 'txt' },
  facts: { letters: integer({ description: 'Letters', example: 3 }) },
  codes: { NOT_A_NOTE: { sentence: 'The file is not a note', retryable: false } },
  identify: async ({ source, size, stream }, { fail }) => {
    const text =
      typeof source === 'string' ? (await stream().toArray()).join('') : Buffer.from(source).toString();
    if (!text.startsWith('Note: ')) throw fail('NOT_A_NOTE');
    return { mimeType: 'text/plain', facts: { letters: size } };
  },
});

const good = { name: 'a note', bytes: Buffer.from('Note: x'), mimeType: 'text/plain', facts: { letters: 7 } };

describe('kindContract', () => {
  it.each(
    kindContract(notes, {
      good: [good],
      bad: [{ name: 'a poem', bytes: Buffer.from('O'), code: 'NOT_A_NOTE' }],
    }),
  )('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });

  it.each([
    ['a fact that is missing', { ...good, facts: { letters: 8 } }, notes],
    ['a type that is not declared', good, { ...notes, types: { 'text/html': 'html' } }],
    ['a fact that is not declared', good, { ...notes, facts: {} }],
  ])('finds %s', async (_what, file, kind) => {
    const [accepts] = kindContract(kind, { good: [file], bad: [] });
    await expect(accepts.run()).rejects.toThrow(expect.objectContaining({ name: 'AssertionError' }));
  });

  it('finds an error that is no verdict', async () => {
    const crashing = { ...notes, identify: () => Promise.reject(new TypeError('crash')) };
    for (const { run } of kindContract(crashing, { good: [good], bad: [] })) {
      await expect(run()).rejects.toThrow(/crash/);
    }
  });
});

describe('startReelport', () => {
  it('lists every fault of the extensions', async () => {
    const extensions = [
      defineExtension({ name: 'Notes' }),
      defineExtension({ name: 'notes', kinds: [notes, notes] }),
    ];
    await expect(startReelport({ extensions })).rejects.toThrow(/Notes[^]*notes/);
  });
});

describe('A scene', () => {
  const scopes = defineScopes({ 'notes:count': 'Count the notes' });
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ extensions: [defineExtension({ name: 'notes', scopes })] });
  });
  afterAll(() => scene.close());

  it('imports, and verifies the webhook', async () => {
    const { reelport, origin, receiver } = scene;
    const { api, project } = await newPartner(reelport);
    origin.serve('/a.mp4', MP4);
    const items = await api.import(
      'videos',
      [
        { id: 'a', url: origin.url('/a.mp4') },
        { id: 'b', url: origin.url('/b') },
      ],
      {
        webhook: receiver.url('/hook'),
      },
    );
    expect(items).toMatchObject([
      { state: 'success', externalId: 'a', video: { mimeType: 'video/mp4' } },
      { state: 'failed', externalId: 'b', code: 'HTTP_STATUS' },
    ]);
    expect(receiver.verify(await receiver.waitForDelivery(), project.webhookSecret)).toMatchObject({
      state: 'success',
    });
  });

  it('has tokens with the scopes of extensions, and with no others', async () => {
    const { token } = await newPartner(scene.reelport, { scopes: ['notes:count'] });
    const claims = Buffer.from(token.split('.')[1], 'base64url').toString();
    expect(JSON.parse(claims)).toMatchObject({ scope: 'notes:count' });
    await expect(newPartner(scene.reelport, { scopes: ['notes:write'] })).rejects.toThrow(
      'Unknown scope "notes:write"',
    );
  });

  it('reports a batch that is refused', async () => {
    const { api } = await newPartner(scene.reelport);
    await expect(api.import('videos', [{ id: 'a' }])).rejects.toThrow('The batch was answered 400');
  });
});
