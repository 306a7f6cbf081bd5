import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api.js';
import { shellBlocks, type ShellBlock } from '../support/document-blocks.js';
import { blocksOf } from '../support/document-owners.js';
import { DocumentSession } from './document-session.js';

const commandsOf = (document: string): ShellBlock[] =>
  shellBlocks(blocksOf('test/e2e/readme.spec.ts', document));

let session: DocumentSession;

beforeAll(async () => {
  session = await DocumentSession.open();
});
afterAll(() => session?.close());

/** Ids and paths that differ between runs. */
const CHANGING = /\d{4}\/\d\d\/\d\d\/[0-9a-f-]{36}|(?<="mediaId" ?: ?")\w+/g;
const comparable = (json: string): unknown => JSON.parse(json.replaceAll(CHANGING, '…'));

describe('README.md', () => {
  const [list, post, status, ...others] = commandsOf('README.md');
  /** The id that the README shows, and that of this run. */
  let ids: { shown: string; actual: string };

  it('has commands for a list and for a program', () => {
    expect([list, post, status].every((block) => block !== undefined)).toBe(true);
    expect(others).toEqual([]);
  });

  it('imports the sample list, and says what each command finds', async () => {
    const { code, output } = await session.run(list.commands);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('Logged in') });
    const found = [
      'archive.csv:9:3 url: Must start with http:// or https://\n1 fault; nothing was sent',
      'archive.csv:16 tape-015: HTTP_STATUS: Could not download the video: the server answered 404',
      '19 to create, 0 to update, 0 to skip, 1 will fail',
      '20 videos: 20 imported, 0 skipped, 0 failed; results in results.csv',
      '20 lines: 20 match, 0 missing, 0 extra, 0 different, 0 faults',
      'externalId,state,',
      '20 lines: the receipt proves that all have arrived',
    ];
    const places = found.map((text) => output.indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });

  it('posts a batch that answers as shown', async () => {
    const { output } = await session.run(post.commands);
    const [shown, actual] = [post.output ?? '', output].map((text): { id: string } => JSON.parse(text));
    const answer = { id: expect.stringMatching(/^[a-z0-9]{8}$/) };
    expect([shown, actual]).toEqual([answer, answer]);
    ids = { shown: shown.id, actual: actual.id };
  });

  it('asks for the status, which answers as shown', async () => {
    await new ApiClient(session.reelport.url, session.read('token.txt')).finished(ids.actual);
    const { output } = await session.run(status.commands.replace(ids.shown, ids.actual));
    const shown = status.output?.replace(ids.shown, ids.actual) ?? '';
    expect(comparable(output)).toEqual(comparable(shown));
  });
});

describe('libs/client/README.md', () => {
  it('logs in with a file, plans and imports', async () => {
    const [block, ...others] = commandsOf('libs/client/README.md');
    expect(others).toEqual([]);
    await session.run('mkdir partner && cp token.txt archive.csv partner && cd partner');
    const { code, output } = await session.run(block.commands);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('20 to create') });
    expect(output).toContain('20 videos: 20 imported, 0 skipped, 0 failed');
    await session.run('cd ..');
  });
});

describe('docs/api.md', () => {
  it('streams the events of an import to its end', async () => {
    const [block, ...others] = commandsOf('docs/api.md');
    expect(others).toEqual([]);
    const [, id = ''] = /"importId": "(.*)"/.exec(session.read('archive.csv.reelport.json')) ?? [];
    const commands = block.commands.replace(/(?<=imports\/)\w+/, id);
    const { code, output } = await session.run(`TOKEN=$(cat token.txt)\n${commands}`);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('event: import.finished') });
  });
});
